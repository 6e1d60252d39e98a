"""What the notebooks share: pictures, widgets and checks. The engine never imports this package.

from hebblite.teaching import check, hint
"""

from .checks import check, piece
from .progress import hint, show_progress
from .solved import progress

__all__ = ["check", "hint", "piece", "progress", "show_progress"]
