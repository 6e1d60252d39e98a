"""What the notebooks share: pictures, widgets and checks. The engine never imports this package.

from hebblite.teaching import check, hint
"""

from .checks import check, piece
from .progress import hint, progress, show_progress

__all__ = ["check", "hint", "piece", "progress", "show_progress"]
