"""Lesson 09, "Equilibrium Propagation"."""

from .exercises import contrastive_update, energy_of_a_batch, relaxation_step
from .pictures.asymmetry import draw_asymmetry
from .pictures.curves import draw_estimate, draw_value
from .pictures.energy import draw_energy
from .pictures.free import draw_free
from .pictures.hero import hero
from .pictures.phases import draw_phases
from .pictures.spikes import draw_accuracy, draw_angles, draw_population
from .pictures.valley import KINDS, draw_landscape
from .pictures.valleys import draw_share, draw_two_valleys
from .pictures.watched import phases_film
from .runs.after import before_and_after
from .runs.asymmetry import Turned, turned_over_seeds
from .runs.directions import PAIRS, angles_over_seeds, estimates
from .runs.pieces import WithStep, WithUpdate, two_phases
from .runs.rest import (
    energies,
    free_and_feedforward,
    reads_alike,
    share_over_scales,
    value_of,
)
from .runs.spikes import over_populations
from .runs.stage import fresh, method, some_digits, train, trained, unseen

__all__ = [
    "KINDS", "PAIRS", "Turned", "WithStep", "WithUpdate", "angles_over_seeds", "before_and_after",
    "contrastive_update",
    "draw_accuracy", "draw_angles", "draw_asymmetry", "draw_energy", "draw_estimate", "draw_free",
    "draw_landscape", "draw_phases", "draw_population", "draw_share", "draw_two_valleys",
    "draw_value", "energies", "energy_of_a_batch", "estimates", "free_and_feedforward", "fresh",
    "hero", "method", "over_populations", "phases_film", "reads_alike", "relaxation_step",
    "share_over_scales", "some_digits", "train", "trained", "turned_over_seeds", "two_phases",
    "unseen", "value_of",
]  # fmt: skip
