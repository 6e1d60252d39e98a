"""Lesson 12, "The whole matrix"."""

from .equations import chance_of_a_slip, interval, reading_error, student
from .pictures.turned import draw_still, draw_turned
from .pictures.verdicts import draw_alike, draw_verdicts, draw_widths
from .runs.digits import FRAMEWORKS, RULES, reads, train_cell
from .runs.features import alike, seen, weights_alike
from .runs.stored import BESIDE, angle_courses, as_dict, both, judged, near_backprop
from .runs.turned import layers_still, turned
from .runs.verdicts import judge_matrix

__all__ = [
    "BESIDE", "FRAMEWORKS", "RULES", "alike", "angle_courses", "as_dict", "both",
    "chance_of_a_slip", "draw_alike", "draw_still", "draw_turned", "draw_verdicts", "draw_widths",
    "interval", "judge_matrix", "judged", "layers_still", "near_backprop", "reading_error",
    "reads", "seen", "student", "train_cell", "turned", "weights_alike",
]  # fmt: skip
