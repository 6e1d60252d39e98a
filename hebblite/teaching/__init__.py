"""What the notebooks share: pictures, widgets and checks. The engine never imports this package.

from hebblite.teaching import check, hint
"""

from .checks import check, hint, piece, progress

__all__ = ["check", "hint", "piece", "progress"]
