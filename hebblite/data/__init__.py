"""Data: digits that ship with the package, the full MNIST from a local folder, toy tasks.

Nothing here reaches the network except ``download_mnist``, which nothing else calls.
"""

from .digits import Digits, load_digits, one_hot
from .download import download_mnist
from .idx import load_mnist, read_idx
from .matrix import Cell, stored_cell, stored_matrix
from .paper import PaperOutcome, stored_flips, stored_paper
from .toys import linear_teacher, student_teacher, toy_classes

__all__ = [
    "Cell",
    "Digits",
    "PaperOutcome",
    "download_mnist",
    "linear_teacher",
    "load_digits",
    "load_mnist",
    "one_hot",
    "read_idx",
    "stored_cell",
    "stored_flips",
    "stored_matrix",
    "stored_paper",
    "student_teacher",
    "toy_classes",
]
