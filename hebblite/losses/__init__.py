"""The losses of the theory, as folds of the stream: one number for each input, shape (B,).

    OutputError         |e|, e = target - prediction               what machine learning minimises
    InferenceLatency    first time with |e| <= delta               theorem T5
    FeedbackAmount      1/2 sum_l |a_l|^2                          amount of top-down feedback

with what they are at every step, shape (S+1, B),

    ErrorOverTime       |e| and the times
    Energy              F of Predictive Coding, E of Equilibrium Propagation
    Unrest              the largest |b + a - v|: how far it is from rest

and the two optima that the theorems compare them with:

    least_control       H*: the least feedback that puts the output on its target (theorem T4)
    linear_latency      T(delta) of the linearised loop, in closed form (theorem T5)
    latency_gradient    its gradient by the weights: through the error, and through the gain

the landscape of Equilibrium Propagation, and where a network comes to rest in it (theorem T6),

    nudged_energy       E + nudge * loss at any voltages
    landscape           the same over two voltages of one input
    settle              where inputs come to rest from one start, to high precision
    states_of_rest      all that are found from many starts, told apart

all of them for one network (together.py), and over the epochs of a training (courses.py).
"""

from .control import LeastControl, least_control, least_control_of_small_errors
from .courses import Course, stored_courses
from .folds import Energy, ErrorOverTime, FeedbackAmount, InferenceLatency, OutputError, Unrest
from .latency import latency_bounds, linear_latency
from .latency_gradient import LatencyGradient, latency_gradient
from .nudged import Landscape, landscape, nudged_energy
from .rests import Rests, Settled, settle, states_of_rest
from .together import Together, all_losses

__all__ = [
    "Course",
    "Energy",
    "ErrorOverTime",
    "FeedbackAmount",
    "InferenceLatency",
    "Landscape",
    "LatencyGradient",
    "LeastControl",
    "OutputError",
    "Rests",
    "Settled",
    "Together",
    "Unrest",
    "all_losses",
    "landscape",
    "latency_bounds",
    "latency_gradient",
    "least_control",
    "least_control_of_small_errors",
    "linear_latency",
    "nudged_energy",
    "settle",
    "states_of_rest",
    "stored_courses",
]
