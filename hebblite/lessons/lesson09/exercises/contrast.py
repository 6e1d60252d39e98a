"""Exercise 09.3: the contrastive update of a batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise
from .states import Layers

Array = np.ndarray


def cases(seed: int) -> tuple[Layers, Layers, float]:
    """Two states of 2 to 4 layers with 1 to 4 inputs, and the distance of their nudges."""
    rng = np.random.default_rng([93, seed])
    sizes = 1 + 2 * rng.integers(1, 4, size=rng.integers(3, 6))
    if seed % 4 == 3:
        sizes[rng.integers(len(sizes))] = 1
    batch = 1 if seed % 4 == 2 else 2 * int(rng.integers(1, 3))
    x = rng.normal(size=(batch, sizes[0]))
    free, nudged = ([x, *(rng.normal(size=(batch, n)) for n in sizes[1:])] for _ in range(2))
    return free, nudged, float(rng.uniform(0.2, 0.8))


@exercise(
    "09.3",
    "the contrastive update",
    cases=cases,
    hints=(
        "In each of the two states, a synapse multiplies the rates of its two neurons. The update "
        "is the difference of the products, averaged over the batch and divided by the nudge.",
        "The products of a layer, summed over the batch, are r[l + 1].T @ r[l]: rows are the "
        "postsynaptic neurons.",
        "(nudged[l + 1].T @ nudged[l] - free[l + 1].T @ free[l]) / (len(free[0]) * nudge) for "
        "each l, in a list.",
    ),
)
def contrastive_update(free: Layers, nudged: Layers, nudge: float) -> Layers:
    """Updates of W_1..W_L, from the rates r_0..r_L, each (B, n_l), of two states of rest."""
    batch = len(free[0])
    return [
        (nudged[l + 1].T @ nudged[l] - free[l + 1].T @ free[l]) / (batch * nudge)
        for l in range(len(free) - 1)
    ]


Part = Callable[[Array, Array, Array, Array], Array]  # of post+, pre+, post-, pre-


def _contrast(post: Array, pre: Array, free_post: Array, free_pre: Array) -> Array:
    return np.asarray(post.T @ pre - free_post.T @ free_pre)


def _each(
    part: Part = _contrast,
    scale: Callable[[int, float], float] = lambda batch, nudge: 1 / (batch * nudge),
) -> Answer:
    """Answers that ask ``part`` of each layer, times ``scale``."""

    def answer(free: Layers, nudged: Layers, nudge: float) -> Layers:
        rows = zip(nudged[1:], nudged[:-1], free[1:], free[:-1], strict=True)
        return [scale(len(free[0]), nudge) * part(*row) for row in rows]

    return answer


@contrastive_update.right
def with_einsum(free: Layers, nudged: Layers, nudge: float) -> Layers:
    made = []
    for l in range(1, len(free)):
        one, other = (np.einsum("bi,bj->bij", r[l], r[l - 1]) for r in (nudged, free))
        made.append((one - other).mean(axis=0) / nudge)
    return made


@contrastive_update.right
def input_by_input(free: Layers, nudged: Layers, nudge: float) -> Layers:
    made = [np.zeros((r.shape[1], s.shape[1])) for r, s in zip(free[1:], free[:-1], strict=True)]
    for l, dW in enumerate(made):
        for b in range(len(free[0])):
            dW += np.outer(nudged[l + 1][b], nudged[l][b]) - np.outer(free[l + 1][b], free[l][b])
    return [dW / nudge / len(free[0]) for dW in made]


contrastive_update.right(lambda *case: tuple(contrastive_update(*case)))

contrastive_update.wrong(
    "the sign is the wrong way round: what the nudged state has more of is strengthened."
)(_each(lambda *row: -_contrast(*row)))

contrastive_update.wrong("the division by the nudge is missing.")(
    _each(scale=lambda batch, nudge: 1 / batch)
)

contrastive_update.wrong("you multiply by the nudge. The difference is divided by it.")(
    _each(scale=lambda batch, nudge: nudge / batch)
)

contrastive_update.wrong(
    "you divide by twice the nudge. `nudge` says already how far apart the nudges of the two "
    "states are: divide by it once."
)(_each(scale=lambda batch, nudge: 1 / (2 * batch * nudge)))

contrastive_update.wrong("this is the sum over the batch; the update is its average.")(
    _each(scale=lambda batch, nudge: 1 / nudge)
)

contrastive_update.wrong(
    "this is the sum over the batch, and the division by the nudge is missing as well."
)(_each(scale=lambda batch, nudge: 1.0))

contrastive_update.wrong(
    "rows are the postsynaptic neurons, and yours are the presynaptic ones: transpose."
)(_each(lambda *row: _contrast(*row).T))

contrastive_update.wrong(
    "the presynaptic rate stays at its free value in both products. It has moved as well: the "
    "second state is nudged on both sides of the synapse."
)(_each(lambda post, pre, free_post, free_pre: (post - free_post).T @ free_pre))

contrastive_update.wrong(
    "the presynaptic rate is that of the nudged state in both products. In the free state it is "
    "the free one."
)(_each(lambda post, pre, free_post, free_pre: (post - free_post).T @ pre))

contrastive_update.wrong(
    "the postsynaptic rate stays at its free value in both products. It has moved as well."
)(_each(lambda post, pre, free_post, free_pre: free_post.T @ (pre - free_pre)))

contrastive_update.wrong(
    "you multiply the two *changes*, which is Kosko's rule. Multiply the rates in each state, and "
    "then take the difference."
)(_each(lambda post, pre, free_post, free_pre: (post - free_post).T @ (pre - free_pre)))

contrastive_update.wrong(
    "this is Hebb in the nudged state alone. What the free state has is to be taken away."
)(_each(lambda post, pre, free_post, free_pre: post.T @ pre))

contrastive_update.wrong("these are the products of the free state alone.")(
    _each(lambda post, pre, free_post, free_pre: free_post.T @ free_pre)
)

contrastive_update.wrong("the two products are added. The update is their difference.")(
    _each(lambda post, pre, free_post, free_pre: post.T @ pre + free_post.T @ free_pre)
)

contrastive_update.wrong(
    "`len(free)` is the number of layers. The inputs of the batch are the rows of an array: "
    "`len(free[0])`."
)(
    lambda free, nudged, nudge: [
        dW * len(free[0]) / len(free) for dW in contrastive_update(free, nudged, nudge)
    ]
)

contrastive_update.wrong(
    "only one of the two products is divided: the difference stands in brackets, and all of it is "
    "divided."
)(
    lambda free, nudged, nudge: [
        nudged[l + 1].T @ nudged[l] - free[l + 1].T @ free[l] / (len(free[0]) * nudge)
        for l in range(len(free) - 1)
    ]
)

contrastive_update.wrong(
    "each product has a rate of the one state and one of the other. Multiply what is there at the "
    "same time, and then take the difference."
)(_each(lambda post, pre, free_post, free_pre: post.T @ free_pre - free_post.T @ pre))

contrastive_update.wrong(
    "the products of each input are there. Take their mean over the batch, axis 0, and divide by "
    "the nudge."
)(
    lambda free, nudged, nudge: [
        np.einsum("bi,bj->bij", nudged[l + 1], nudged[l])
        - np.einsum("bi,bj->bij", free[l + 1], free[l])
        for l in range(len(free) - 1)
    ]
)

contrastive_update.wrong(
    "a layer is multiplied by itself. A synapse leads from r[l] to r[l + 1]: r[l + 1].T @ r[l]."
)(
    lambda free, nudged, nudge: [
        (nudged[l].T @ nudged[l] - free[l].T @ free[l]) / (len(free[0]) * nudge)
        for l in range(len(free) - 1)
    ]
)

contrastive_update.wrong("without a transpose `@` does not sum over the batch: r[l + 1].T @ r[l].")(
    lambda free, nudged, nudge: [
        (nudged[l + 1] @ nudged[l] - free[l + 1] @ free[l]) / (len(free[0]) * nudge)
        for l in range(len(free) - 1)
    ]
)

contrastive_update.wrong(
    "`np.outer` makes one long row of each batch first. For a batch it is r[l + 1].T @ r[l]."
)(
    lambda free, nudged, nudge: [
        (np.outer(nudged[l + 1], nudged[l]) - np.outer(free[l + 1], free[l]))
        / (len(free[0]) * nudge)
        for l in range(len(free) - 1)
    ]
)

contrastive_update.wrong("the layers are the wrong way round: the first update is that of W_1.")(
    lambda *case: contrastive_update(*case)[::-1]
)

contrastive_update.wrong(
    "the last layer is missing: there is an update for each pair of neighbouring layers."
)(lambda *case: contrastive_update(*case)[:-1])

contrastive_update.wrong(
    "only the first input of the batch is there. Average over all of them: r[l + 1].T @ r[l]."
)(
    lambda free, nudged, nudge: contrastive_update(
        [r[:1] for r in free], [r[:1] for r in nudged], nudge
    )
)

contrastive_update.wrong(
    "you average the rates over the batch first. Multiply input by input, and then average."
)(
    lambda free, nudged, nudge: contrastive_update(
        [r.mean(axis=0, keepdims=True) for r in free],
        [r.mean(axis=0, keepdims=True) for r in nudged],
        nudge,
    )
)
