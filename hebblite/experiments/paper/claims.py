"""What the paper claims, what we measure of it, and when we shall say that it agrees: written and
committed before the first full run (what had been seen: nets of 32 neurons on 2,000 digits, one
seed, four epochs; and what lessons 05 to 10 say of the packaged digits).

Every quantity is computed seed by seed. Its interval is that of the mean over seeds, 95 %, by
Student's t. A claim *agrees* if the whole interval lies where ``agrees`` says, *differs* if all of
it lies outside, and else we *cannot tell*. Where a claim has several quantities, it agrees if all
do, and differs if one does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """Where a quantity has to lie: between ``low`` and ``high``, in its ``unit``."""

    quantity: str
    low: float
    high: float
    unit: str
    low_small: float
    high_small: float


INF = float("inf")


@dataclass(frozen=True)
class PaperClaim:
    """A sentence of the paper, in our words, and what would make us say that it holds."""

    name: str
    claimed: str
    where: str
    bounds: tuple[Bound, ...]


CLAIMS = (
    PaperClaim(
        "dfc", "In Deep Feedback Control the differential Hebbian rule learns as well as the "
        "error-based rule, and as backpropagation.", "abstract; table of methods",
        (
            Bound("accuracy of dfc-dh minus dfc-error-based", -1, INF, "points", -6, INF),
            Bound("accuracy of dfc-dh minus bp", -1, INF, "points", -6, INF),
        ),
    ),
    PaperClaim(
        "stdp", "Spikes and STDP train the same network nearly as well.", "table of methods",
        (Bound("accuracy of dfc-stdp minus dfc-dh", -2, INF, "points", -60, INF),),
    ),
    PaperClaim(
        "pc", "In Predictive Coding it learns as well as the error-based rule.",
        "abstract; table of methods",
        (
            Bound("accuracy of pc-dh minus pc-error-based", -1, INF, "points", -6, INF),
            Bound("accuracy of pc-dh minus bp-pc", -1, INF, "points", -6, INF),
        ),
    ),
    PaperClaim(
        "ep", "In Equilibrium Propagation it learns similarly well.", "abstract; beyond the tables",
        (Bound("accuracy of ep-dh minus ep-contrastive", -1, INF, "points", -10, INF),),
    ),
    PaperClaim(
        "deb", "In Dendritic Error Backpropagation it learns similarly well.",
        "title list; beyond the tables",
        (Bound("accuracy of deb-dh minus deb-error-based", -1, INF, "points", -6, INF),),
    ),
    PaperClaim(
        "angles", "During training the updates of DH stay close to those of the error-based rule "
        "and of backprop.", "fig. 4",
        (
            Bound("greatest angle of dfc-dh's DH to error-based", 0, 20, "degrees", 0, 40),
            Bound("greatest angle of dfc-dh's DH to bp", 0, 45, "degrees", 0, 60),
            Bound("greatest angle of dfc-dh's expected STDP to DH", 0, 20, "degrees", 0, 40),
        ),
    ),
    PaperClaim(
        "surprise", "When labels change, the feedback jumps up, and it falls again while the "
        "network learns them.", "fig. 5",
        (
            Bound("feedback for the restored labels over that for the shifted ones, at the change",
                  2, INF, "times", 1.1, INF),
            Bound("feedback at the end over that for the restored labels at the change",
                  0, 0.5, "times", 0, 0.95),
        ),
    ),
    PaperClaim(
        "samples", "The more samples of spikes are averaged, the nearer STDP comes to DH.",
        "fig. S1",
        (
            Bound("cosine with DH of 1024 trains minus that of 16, all weights",
                  0, INF, "", 0, INF),
            Bound("least cosine of a layer's expected STDP with its DH", 0.99, 1, "", 0.99, 1),
        ),
    ),
    PaperClaim(
        "latency", "With training the controller reaches its target sooner.", "fig. of the error "
        "over time",
        (Bound("latency at the end over that after the first epoch, dfc-dh", 0, 0.5, "times",
               0, 1),),
    ),
    PaperClaim(
        "together", "Error, latency and feedback fall together.", "abstract; the theorems",
        (
            Bound("correlation of latency with |e| over epochs, dfc-dh", 0.9, 1, "", 0.5, 1),
            Bound("correlation of feedback with |e| over epochs, dfc-dh", 0.9, 1, "", 0.5, 1),
            Bound("correlation of latency with |e| over epochs of bp minus that of dfc-dh",
                  -INF, -0.05, "", -INF, 0),
        ),
    ),
)  # fmt: skip
