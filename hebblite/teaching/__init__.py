"""What the notebooks share: pictures, widgets, checks and predictions. The engine never imports it.

from hebblite.teaching import check, hint
"""

from .checks import check, piece
from .predictions import forget, guess, guessed, marks, predict, reveal, said
from .progress import hint, show_progress
from .proofs.prove import prove
from .solved import progress

__all__ = [
    "check", "forget", "guess", "guessed", "hint", "marks", "piece", "predict", "progress",
    "prove", "reveal", "said", "show_progress",
]  # fmt: skip
