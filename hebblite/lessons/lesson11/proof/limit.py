"""Steps T2.4 and T2.5: STDP's mean in changes of rates, and what that has to do with DH."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Exact, Order
from .memory import SPEEDS
from .statement import END, SLOW, START, T2

Array = np.ndarray


@T2.step(
    "T2.4",
    "the mean of STDP, made of changes",
    left="E",
    claim=Order(2, SPEEDS),
    uses=(START, END, SLOW),
    needs=("T2.2", "T2.3"),
    because="a lag is the change, divided by 1 - d, up to second order; of what that leaves out, "
    "all that is of first order in the sum telescopes, and it is zero between two rests",
    hints=(
        "Begin with step T2.2, E = (1 - d) (lag_post^T pre - post^T lag_pre), and put in step T2.3 "
        "for both lags.",
        "Each lag is its change divided by 1 - d. What becomes of the factor 1 - d?",
        "dpost.T @ pre - post.T @ dpre",
    ),
)
def antisymmetric(post: Array, pre: Array, dpost: Array, dpre: Array) -> Array:
    """E = sum_t dpost[t] pre[t]^T - post[t] dpre[t]^T + O(speed^2)"""
    return dpost.T @ pre - post.T @ dpre


antisymmetric.right(lambda post, pre, dpost, dpre: dpost.T @ (pre - dpre) - (post - dpost).T @ dpre)
antisymmetric.right(
    lambda post, pre, dpost, dpre: (
        np.einsum("ti,tj->ij", dpost, pre) - np.einsum("ti,tj->ij", post, dpre)
    )
)


@antisymmetric.right
def of_both(post: Array, pre: Array, dpost: Array, dpre: Array) -> Array:
    total = np.zeros((post.shape[1], pre.shape[1]))
    for t in range(len(post)):
        total = total + np.outer(dpost[t], pre[t]) - np.outer(post[t], dpre[t])
    return total


@antisymmetric.term("each change of post times pre")
def post_changes(pre: Array, dpost: Array) -> Array:
    return dpost.T @ pre


@antisymmetric.term("post times each change of pre")
def pre_changes(post: Array, dpre: Array) -> Array:
    return post.T @ dpre


for message, slip in (
    (
        "this is DH alone. Pre moves as well, its memory lags too, and a pre spike finds post's: "
        "that is a part of its own, with a minus.",
        lambda post, pre, dpost, dpre: dpost.T @ pre,
    ),
    (
        "this is DH alone, with pre one step before. Pre moves as well, its memory lags too, and a "
        "pre spike finds post's: that is a part of its own, with a minus.",
        lambda post, pre, dpost, dpre: dpost.T @ (pre - dpre),
    ),
    (
        "this is only what pre's changes bring: each change of post times pre is missing.",
        lambda post, pre, dpost, dpre: -post.T @ dpre,
    ),
    (
        "this is the contrast, the change of the product. Pairs with pre behind *weaken*, so that "
        "pre's changes are subtracted.",
        lambda post, pre, dpost, dpre: dpost.T @ pre + post.T @ dpre,
    ),
    (
        "this is the contrast, the change of the product. Pairs with pre behind *weaken*, so that "
        "pre's changes are subtracted.",
        lambda post, pre, dpost, dpre: dpost.T @ pre + (post - dpost).T @ dpre,
    ),
    (
        "the sign is the wrong way round: where post rises while pre stays, the synapse grows.",
        lambda post, pre, dpost, dpre: post.T @ dpre - dpost.T @ pre,
    ),
    (
        "both parts have the wrong sign, or one of them twice: a rise of post counts with a plus, "
        "a rise of pre with a minus.",
        lambda post, pre, dpost, dpre: -dpost.T @ pre - post.T @ dpre,
    ),
    (
        "this is the product of both changes, as Kosko had it. Each change meets the *rate* on the "
        "other side.",
        lambda post, pre, dpost, dpre: dpost.T @ dpre,
    ),
    (
        "this is plain Hebb, without changes. What lags behind is a change.",
        lambda post, pre, dpost, dpre: post.T @ pre,
    ),
    (
        "this is half of it: the two parts are subtracted, they are not averaged.",
        lambda post, pre, dpost, dpre: (dpost.T @ pre - post.T @ dpre) / 2,
    ),
    (
        "this is the mean over the steps: STDP adds up what each step brings.",
        lambda post, pre, dpost, dpre: (dpost.T @ pre - post.T @ dpre) / len(post),
    ),
    (
        "each is summed over time before it is multiplied. Multiply what is there in one step, "
        "and then sum: `dpost.T @ pre`.",
        lambda post, pre, dpost, dpre: (
            np.outer(dpost.sum(0), pre.sum(0)) - np.outer(post.sum(0), dpre.sum(0))
        ),
    ),
    (
        "this looks at the two ends only. Which rate a change meets on its way counts as well.",
        lambda post, pre, dpost, dpre: (
            np.outer(post[-1] - post[0], pre[0]) - np.outer(post[0], pre[-1] - pre[0])
        ),
    ),
    (
        "this looks at the two ends only. Which rate a change meets on its way counts as well.",
        lambda post, pre, dpost, dpre: np.outer(post[-1], pre[0]) - np.outer(post[0], pre[-1]),
    ),
    (
        "the size of each change counts here, whatever its direction. What falls weakens.",
        lambda post, pre, dpost, dpre: np.abs(dpost).T @ pre - post.T @ np.abs(dpre),
    ),
):
    antisymmetric.wrong(message)(slip)


@T2.step(
    "T2.5",
    "the antisymmetric form",
    left="A",
    claim=Exact(),
    because="by summation by parts, T1, the contrast is DH plus the sum of post times each change "
    "of pre; and pre in a step is pre one step before plus its change",
    hints=(
        "In one step, post pre^T changes by dpost pre_before^T + post dpre^T. Sum over the phase: "
        "the left side becomes the contrast, and the first part is DH. What is the other one?",
        "The sum of post dpre^T is contrast - DH. And the sum of dpost pre^T is DH plus the sum of "
        "dpost dpre^T, as pre = pre_before + dpre. Subtract the two.",
        "2 * DH - contrast + dpost.T @ dpre",
    ),
)
def parts(DH: Array, contrast: Array, dpost: Array, dpre: Array) -> Array:
    """A = 2 DH - contrast + sum_t dpost[t] dpre[t]^T"""
    return 2 * DH - contrast + dpost.T @ dpre


parts.right(lambda DH, contrast, dpost, dpre: DH + dpost.T @ dpre - (contrast - DH))
parts.right(
    lambda DH, contrast, dpost, dpre: 2 * DH - contrast + np.einsum("ti,tj->ij", dpost, dpre)
)


@parts.right
def summed(DH: Array, contrast: Array, dpost: Array, dpre: Array) -> Array:
    both = sum(np.outer(a, b) for a, b in zip(dpost, dpre, strict=True))
    return 2 * DH + both - contrast


@parts.term("DH")
def dh(DH: Array) -> Array:
    return DH


@parts.term("the contrast")
def difference(contrast: Array) -> Array:
    return contrast


@parts.term("what post and pre change by in the same step")
def together(dpost: Array, dpre: Array) -> Array:
    return dpost.T @ dpre


#: Of DH, the contrast, and the product of both changes in the same step.
Parts = Callable[[Array, Array, Array], Array]


def _of_parts(make: Parts) -> Answer:
    return lambda DH, contrast, dpost, dpre: make(DH, contrast, dpost.T @ dpre)


for message, part in (
    (
        "this is what it tends to as steps become finer. Here it is asked exactly, and what both "
        "change by in the same step is missing: DH takes pre one step *before*, and A takes it in "
        "the same step.",
        lambda DH, contrast, both: 2 * DH - contrast,
    ),
    (
        "the sign of what both change by in the same step is the wrong way round: pre in a step is "
        "pre one step before *plus* its change.",
        lambda DH, contrast, both: 2 * DH - contrast - both,
    ),
    (
        "what both change by in the same step counts once: DH misses it, and the other part of the "
        "contrast, post times each change of pre, has it already.",
        lambda DH, contrast, both: 2 * DH - contrast + 2 * both,
    ),
    (
        "half of what both change by in the same step is missing. With DH's pre one step before, "
        "all of it has to be added.",
        lambda DH, contrast, both: 2 * DH - contrast + both / 2,
    ),
    (
        "this is what pre's changes bring: contrast = DH + post times each change of pre. A is "
        "what post's changes bring, *minus* that.",
        lambda DH, contrast, both: contrast - DH,
    ),
    (
        "DH comes in twice: once for each change of post times pre, and once more because "
        "post times each change of pre is contrast *minus* DH.",
        lambda DH, contrast, both: DH - contrast + both,
    ),
    (
        "DH comes in twice: once for each change of post times pre, and once more because "
        "post times each change of pre is contrast *minus* DH.",
        lambda DH, contrast, both: DH - contrast,
    ),
    (
        "the sign is the wrong way round: a change of post counts with a plus.",
        lambda DH, contrast, both: contrast - 2 * DH - both,
    ),
    (
        "the sign is the wrong way round: a change of post counts with a plus.",
        lambda DH, contrast, both: contrast - 2 * DH,
    ),
    (
        "plus for minus: what pre's changes bring is subtracted, and with it the contrast.",
        lambda DH, contrast, both: 2 * DH + contrast + both,
    ),
    (
        "plus for minus: what pre's changes bring is subtracted, and with it the contrast.",
        lambda DH, contrast, both: 2 * DH + contrast,
    ),
    (
        "this is DH, with pre in the same step. What pre's changes bring is missing: post times "
        "each of them is contrast minus DH, and is subtracted.",
        lambda DH, contrast, both: DH + both,
    ),
    (
        "this is DH alone. What pre's changes bring is missing: post times each of them is "
        "contrast minus DH, and is subtracted.",
        lambda DH, contrast, both: DH,
    ),
    (
        "this is twice DH. What is missing is the contrast: A takes pre's changes away.",
        lambda DH, contrast, both: 2 * DH + both,
    ),
    (
        "this is twice DH. What is missing is the contrast: A takes pre's changes away.",
        lambda DH, contrast, both: 2 * DH,
    ),
    (
        "this is the contrast alone. Summed by parts, it is made of DH and of what pre's changes "
        "bring, and A is their *difference*.",
        lambda DH, contrast, both: contrast,
    ),
    (
        "the contrast comes in once, and DH twice: A = (DH + both changes) - (contrast - DH).",
        lambda DH, contrast, both: DH - 2 * contrast + both,
    ),
    (
        "the contrast comes in once, and DH twice: A = (DH + both changes) - (contrast - DH).",
        lambda DH, contrast, both: 2 * (DH - contrast) + both,
    ),
    (
        "the contrast comes in once, and DH twice: A = (DH + both changes) - (contrast - DH).",
        lambda DH, contrast, both: 2 * DH - 2 * contrast,
    ),
    (
        "this is the mean of DH and the contrast. A is 2 DH minus the contrast: the contrast is "
        "the mean of *twice* DH and what pre's changes bring, with a plus.",
        lambda DH, contrast, both: (DH + contrast) / 2,
    ),
    (
        "this is half of it: A is the whole difference of what post's and pre's changes bring.",
        lambda DH, contrast, both: DH - contrast / 2 + both / 2,
    ),
):
    parts.wrong(message)(_of_parts(part))

parts.wrong(
    "each change is summed over time before it is multiplied. Multiply what changes in one step, "
    "and then sum: `dpost.T @ dpre`."
)(lambda DH, contrast, dpost, dpre: 2 * DH - contrast + np.outer(dpost.sum(0), dpre.sum(0)))
