"""What lesson 05 claims, measured on a seed: of networks, digits, targets and random feedback."""

from __future__ import annotations

from functools import cache

import numpy as np

from ...analysis import angle, angles_to_backprop, backprop_updates, jacobians, preconditioners
from ...data import load_digits, one_hot
from ...frameworks import DeepFeedbackControl
from ...network import Network
from ...rules import DifferentialHebbian
from ...stream import Record, fold
from .exercises import largest_angle
from .runs.breaks import BREAKS
from .runs.optimiser import adam_run
from .runs.push import push, random_case
from .runs.theorem import T3_error, on_rates, uphill
from .runs.training import Run, Setting, draw, train

digits = cache(load_digits)
DH, LATE = Setting(), Setting(feedback="random", epochs=12)
ONLY = BREAKS["output layer only"].setting
LATE_ONLY = Setting("output layer only", lr=1e-2, epochs=12)


@cache
def run(setting: Setting, seed: int) -> Run:
    """One training; several claims look at it."""
    return train(digits(), setting, seed, spectra=setting == DH)


def end(setting: Setting, seed: int) -> float:
    """Where a training ends, in percent."""
    return run(setting, seed).accuracy[-1]
