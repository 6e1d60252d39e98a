"""Exercise 11.2: what STDP tends to where rates move on both sides of a synapse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array]:
    """Rates of post (T+1, B, n) and pre (T+1, B, m) in a phase; now and then B, n or m is 1."""
    rng = np.random.default_rng([112, seed])
    rows, batch = rng.integers(5, 9), 1 if seed % 4 == 1 else rng.integers(2, 4)
    n = 1 if seed % 4 == 2 else rng.integers(2, 4)
    m = 1 if seed % 4 == 3 else rng.integers(4, 6)
    return rng.normal(size=(rows, batch, n)), rng.normal(size=(rows, batch, m))


def _dh(post: Array, pre: Array) -> Array:
    return np.asarray(np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]))


def _contrast(post: Array, pre: Array) -> Array:
    return np.asarray(post[-1].T @ pre[-1] - post[0].T @ pre[0])


@exercise(
    "11.2",
    "the limit of STDP",
    cases=cases,
    hints=(
        "DH is a sum over the steps: the change of post, post[t + 1] - post[t], times pre[t]. The "
        "contrast needs the first and the last row alone.",
        'DH, summed over the batch, is np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[:-1]). '
        "The contrast is post[-1].T @ pre[-1] - post[0].T @ pre[0].",
        "(2 * dh - contrast) / post.shape[1]",
    ),
)
def limit_of_stdp(post: Array, pre: Array) -> Array:
    """2 DH - contrast of a phase, averaged over the batch: (n, m)."""
    return (2 * _dh(post, pre) - _contrast(post, pre)) / post.shape[1]


@limit_of_stdp.right
def input_by_input(post: Array, pre: Array) -> Array:
    batch, dW = post.shape[1], np.zeros((post.shape[2], pre.shape[2]))
    for b in range(batch):
        for t in range(len(post) - 1):
            dW += 2 * np.outer(post[t + 1, b] - post[t, b], pre[t, b])
        dW -= np.outer(post[-1, b], pre[-1, b]) - np.outer(post[0, b], pre[0, b])
    return dW / batch


@limit_of_stdp.right
def without_the_contrast(post: Array, pre: Array) -> Array:
    """DH, minus the change of pre times the post after it."""
    dW = np.zeros((post.shape[2], pre.shape[2]))
    for t in range(len(post) - 1):
        dW += (post[t + 1] - post[t]).T @ pre[t] - post[t + 1].T @ (pre[t + 1] - pre[t])
    return dW / post.shape[1]


def _made(
    make: Callable[[Array, Array], Array], scale: Callable[[int], float] = lambda batch: 1 / batch
) -> Answer:
    """Answers that are a sum over the batch, times ``scale`` of it."""

    def answer(post: Array, pre: Array) -> Array:
        return make(post, pre) * scale(post.shape[1])

    return answer


def _both(dh: float, contrast: float) -> Callable[[Array, Array], Array]:
    """So many times DH plus so many times the contrast."""
    return lambda post, pre: dh * _dh(post, pre) + contrast * _contrast(post, pre)


def _late(post: Array, pre: Array) -> Array:
    return np.asarray(np.einsum("tbi,tbj->ij", np.diff(post, axis=0), pre[1:]))


for (dh, contrast), message in {
    (1, 0): "this is DH. STDP tends to it only where pre stays the same.",
    (0, 1): "this is the contrast alone.",
    (2, 0): "the contrast is missing: it is taken away from 2 DH.",
    (1, -1): "DH counts once here. It counts twice.",
    (2, 1): "the contrast is added. It is taken away.",
    (-2, 1): "the sign is the wrong way round: DH counts with a plus.",
    (2, -2): "the contrast counts twice here. It counts once.",
    (1, -2): "this is DH minus 2 contrasts. It is the other way round: 2 DH minus one contrast.",
    (1, -0.5): "this is half of what is asked for: 2 DH minus the contrast.",
    (1, 1): "this is DH plus the contrast. Twice DH, and the contrast is taken away.",
}.items():
    limit_of_stdp.wrong(message)(_made(_both(dh, contrast)))

limit_of_stdp.wrong("this is the sum over the batch; the update is its average.")(
    _made(_both(2, -1), lambda batch: 1.0)
)

limit_of_stdp.wrong("you divide by B twice.")(_made(_both(2, -1), lambda batch: 1 / batch**2))

limit_of_stdp.wrong(
    "only the contrast is divided by B: brackets are missing around the difference."
)(lambda post, pre: 2 * _dh(post, pre) - _contrast(post, pre) / post.shape[1])

limit_of_stdp.wrong("only DH is divided by B: the contrast is to be averaged over the batch, too.")(
    lambda post, pre: 2 * _dh(post, pre) / post.shape[1] - _contrast(post, pre)
)

limit_of_stdp.wrong("you divide by the number of steps. The update is their sum.")(
    lambda post, pre: limit_of_stdp(post, pre) / (len(post) - 1)
)

limit_of_stdp.wrong("you divide by the number of rows. The update is a sum over the steps.")(
    lambda post, pre: limit_of_stdp(post, pre) / len(post)
)

limit_of_stdp.wrong(
    "rows are the postsynaptic neurons, and yours are the presynaptic ones: transpose."
)(lambda post, pre: limit_of_stdp(post, pre).T)

limit_of_stdp.wrong(
    "post and pre have changed places in DH: the change of *post*, times pre before it."
)(
    _made(
        lambda post, pre: (
            2 * np.einsum("tbi,tbj->ij", post[:-1], np.diff(pre, axis=0)) - _contrast(post, pre)
        )
    )
)

limit_of_stdp.wrong(
    "in DH, each change meets the pre *after* it, pre[1:]. It meets the one before, pre[:-1]."
)(_made(lambda post, pre: 2 * _late(post, pre) - _contrast(post, pre)))

limit_of_stdp.wrong(
    "this is equation (3), or a DH whose changes meet the mean of the pre before and after. Asked "
    "is 2 DH - contrast, in which a change of post meets pre[:-1]: what both change by in the same "
    "step is no part of it."
)(_made(lambda post, pre: _dh(post, pre) + _late(post, pre) - _contrast(post, pre)))

limit_of_stdp.wrong(
    "the contrast is post times pre at the end, minus the same at the start, and not the product "
    "of two changes."
)(_made(lambda post, pre: 2 * _dh(post, pre) - (post[-1] - post[0]).T @ (pre[-1] - pre[0])))

limit_of_stdp.wrong("DH is given the pre of the start in every step. Its pre moves: pre[t].")(
    _made(lambda post, pre: 2 * (post[-1] - post[0]).T @ pre[0] - _contrast(post, pre))
)

limit_of_stdp.wrong("DH is given the pre of the end in every step. Its pre moves: pre[t].")(
    _made(lambda post, pre: 2 * (post[-1] - post[0]).T @ pre[-1] - _contrast(post, pre))
)

limit_of_stdp.wrong(
    "the change of pre is missing in the contrast: it is the product at the end minus that at the "
    "start, each with its own pre."
)(_made(lambda post, pre: 2 * _dh(post, pre) - (post[-1] - post[0]).T @ pre[-1]))

limit_of_stdp.wrong(
    "the change of pre is missing in the contrast: it is the product at the end minus that at the "
    "start, each with its own pre."
)(_made(lambda post, pre: 2 * _dh(post, pre) - (post[-1] - post[0]).T @ pre[0]))

limit_of_stdp.wrong("of the contrast only the end is there: take away the product at the start.")(
    _made(lambda post, pre: 2 * _dh(post, pre) - post[-1].T @ pre[-1])
)

limit_of_stdp.wrong("the last step is missing. np.diff(post, axis=0) has one row less than post.")(
    lambda post, pre: limit_of_stdp(post[:-1], pre[:-1])
)

limit_of_stdp.wrong("the first step is missing: the phase begins at row 0.")(
    lambda post, pre: limit_of_stdp(post[1:], pre[1:])
)

limit_of_stdp.wrong("only the first input of the batch is there. Average over all of them.")(
    lambda post, pre: limit_of_stdp(post[:, :1], pre[:, :1])
)

limit_of_stdp.wrong(
    "you average the rates over the batch first. Multiply input by input, and then average."
)(
    lambda post, pre: limit_of_stdp(
        post.mean(axis=1, keepdims=True), pre.mean(axis=1, keepdims=True)
    )
)

limit_of_stdp.wrong(
    "the two *changes* are multiplied, which is Kosko's rule. DH takes pre as it is."
)(
    _made(
        lambda post, pre: (
            2 * np.einsum("tbi,tbj->ij", np.diff(post, axis=0), np.diff(pre, axis=0))
            - _contrast(post, pre)
        )
    )
)

limit_of_stdp.wrong(
    "the updates of the inputs are there. Take their mean over the batch: (n, m) is asked for."
)(
    lambda post, pre: np.stack(
        [limit_of_stdp(post[:, b : b + 1], pre[:, b : b + 1]) for b in range(post.shape[1])]
    )
)


def _ends(last: int = -1, last_pre: int = -1, first: int = 0, first_pre: int = 0) -> Answer:
    """2 DH minus a contrast that takes other rows of post and pre."""
    return _made(
        lambda post, pre: (
            2 * _dh(post, pre) - post[last].T @ pre[last_pre] + post[first].T @ pre[first_pre]
        )
    )


for wrong_row in ({"last": 1}, {"last_pre": 1}, {"last": -2}, {"last_pre": -2}, {"last": 0},
                  {"last": -2, "last_pre": -2}):  # fmt: skip
    limit_of_stdp.wrong(
        "the first product of the contrast does not take both rates from the last row: "
        "post[-1].T @ pre[-1]."
    )(_ends(**wrong_row))

for wrong_row in ({"first": 1}, {"first_pre": 1}, {"first": -1},
                  {"first": 1, "first_pre": 1}):  # fmt: skip
    limit_of_stdp.wrong(
        "the second product of the contrast does not take both rates from the row 0: "
        "post[0].T @ pre[0]."
    )(_ends(**wrong_row))

limit_of_stdp.wrong(
    "the two products of the contrast are added. It is the one at the end minus the one at the "
    "start."
)(_made(lambda post, pre: 2 * _dh(post, pre) - (post[-1].T @ pre[-1] + post[0].T @ pre[0])))

limit_of_stdp.wrong("DH counts three times here. It counts twice.")(_made(_both(3, -1)))
