"""Lesson 12, "The whole matrix"."""

from .equations import WORDS, student
from .pictures.cards import draw_card
from .pictures.common import draw_common
from .pictures.features import draw_features
from .pictures.figures import figures
from .pictures.matrix import draw_matrix, hero
from .pictures.turned import draw_still, draw_turned
from .pictures.verdicts import draw_alike, draw_verdicts, draw_widths
from .runs.common import stored as common_part
from .runs.digits import train_cell
from .runs.features import alike, seen
from .runs.full import expected_by_layer, full_size
from .runs.stored import BESIDE, both, judged, near_backprop
from .runs.turned import layers_still, turned
from .runs.verdicts import judge_matrix

__all__ = [
    "BESIDE",
    "WORDS",
    "alike",
    "both",
    "common_part",
    "draw_alike",
    "draw_card",
    "draw_common",
    "draw_features",
    "draw_matrix",
    "draw_still",
    "draw_turned",
    "draw_verdicts",
    "draw_widths",
    "expected_by_layer",
    "figures",
    "full_size",
    "hero",
    "judge_matrix",
    "judged",
    "layers_still",
    "near_backprop",
    "seen",
    "student",
    "train_cell",
    "turned",
]
