"""Exercise 10.3: one step of the interneurons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray


def cases(seed: int) -> tuple[Array, Array, Array, Array, Array, float, float]:
    """A layer of n neurons with m interneurons and a batch of B; one of these is 1 in half of the
    cases."""
    rng = np.random.default_rng([103, seed])
    B, n, m = (int(size) for size in 2 + 2 * rng.permutation(3))  # none differs by one
    if seed % 2:
        B, n, m = ((1, n, m), (B, 1, m), (B, n, 1))[seed // 2 % 3]
    i, r, above = (rng.normal(size=(B, size)) for size in (m, n, m))
    k_I, h = (float(value) for value in rng.uniform((0.3, 0.05), (1.5, 0.4)))
    return i, r, rng.normal(size=(m, n)), rng.normal(size=m), above, k_I, h


@exercise(
    "10.3",
    "one step of the interneurons",
    cases=cases,
    hints=(
        "The equation says how fast i moves. One step adds h times the right side to i.",
        "The input from their own layer is r @ X.T + beta, with the shape (B, m).",
        "i + h * (-i + (r @ X.T + beta) + k_I * (v_above - i)).",
    ),
)
def interneuron_step(
    i: Array, r: Array, X: Array, beta: Array, v_above: Array, k_I: float, h: float
) -> Array:
    """i + h (-i + X r + beta + k_I (v_above - i)), (B, m). i, v_above: (B, m). r: (B, n).
    X: (m, n). beta: (m,). h: dt / tau_I."""
    return np.asarray(i + h * (-i + (r @ X.T + beta) + k_I * (v_above - i)))


#: (i, input from the own layer, v_above, k_I, h) -> i
Step = Callable[[Array, Array, Array, float, float], Array]


def _made(step: Step) -> Answer:
    """Answers that ask ``step``, with r @ X.T + beta."""

    def answer(
        i: Array, r: Array, X: Array, beta: Array, v_above: Array, k_I: float, h: float
    ) -> Array:
        return step(i, r @ X.T + beta, v_above, k_I, h)

    return answer


interneuron_step.right(
    _made(lambda i, own, above, k_I, h: (1 - h * (1 + k_I)) * i + h * (own + k_I * above))
)


@interneuron_step.right
def towards_its_rest(
    i: Array, r: Array, X: Array, beta: Array, v_above: Array, k_I: float, h: float
) -> Array:
    """A step of h (1 + k_I) of the way to where it would come to rest."""
    rest = (np.einsum("bn,mn->bm", r, X) + beta + k_I * v_above) / (1 + k_I)
    return np.asarray(i + h * (1 + k_I) * (rest - i))


interneuron_step.wrong(
    "this is how fast i moves, times h. The step adds it to i: return the new voltage."
)(_made(lambda i, own, above, k_I, h: h * (-i + own + k_I * (above - i))))

interneuron_step.wrong("this is the right side of the equation. One step is i + h times that.")(
    _made(lambda i, own, above, k_I, h: -i + own + k_I * (above - i))
)

interneuron_step.wrong("h is missing: this is a step as long as tau_I.")(
    _made(lambda i, own, above, k_I, h: i + (-i + own + k_I * (above - i)))
)

interneuron_step.wrong("the step goes the wrong way: add h times the right side to i.")(
    _made(lambda i, own, above, k_I, h: i - h * (-i + own + k_I * (above - i)))
)

interneuron_step.wrong("the leak is missing: the right side begins with -i.")(
    _made(lambda i, own, above, k_I, h: i + h * (own + k_I * (above - i)))
)

interneuron_step.wrong("the leak has the wrong sign: i falls by itself.")(
    _made(lambda i, own, above, k_I, h: i + h * (i + own + k_I * (above - i)))
)

interneuron_step.wrong("the nudge from the layer above is missing.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own))
)

interneuron_step.wrong(
    "the nudge has the wrong sign: it pulls i *towards* the voltage of the neuron above."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + own - k_I * (above - i))))

interneuron_step.wrong(
    "the nudge is k_I times the *difference* of v_above and i: it ends when they are equal."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * above)))

interneuron_step.wrong("the strength of the nudge, k_I, is missing.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own + (above - i)))
)

interneuron_step.wrong(
    "k_I is multiplied with all of the right side. It belongs to the nudge alone."
)(_made(lambda i, own, above, k_I, h: i + h * k_I * (-i + own + above - i)))

interneuron_step.wrong(
    "h is multiplied with the nudge alone. It belongs to all of the right side."
)(_made(lambda i, own, above, k_I, h: own + h * k_I * (above - i)))

interneuron_step.wrong(
    "the nudge is not multiplied with h: put all of the right side in brackets."
)(_made(lambda i, own, above, k_I, h: i + h * (own - i) + k_I * (above - i)))

interneuron_step.wrong(
    "this is where the interneuron comes to rest. One step goes a small part of the way only."
)(_made(lambda i, own, above, k_I, h: (own + k_I * above) / (1 + k_I)))

interneuron_step.wrong(
    "the input of the own layer passes through the activation. Voltages add up as they are: "
    "the rate phi(i) comes afterwards."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + np.tanh(own) + k_I * (above - i))))

interneuron_step.wrong(
    "the layer above nudges with its voltage as it is here: the activation is not needed."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * (np.tanh(above) - i))))

interneuron_step.wrong(
    "the new voltage passes through the activation. Return the voltage, and not the rate."
)(_made(lambda i, own, above, k_I, h: np.tanh(i + h * (-i + own + k_I * (above - i)))))


def _from(input_: Callable[[Array, Array, Array], Array]) -> Answer:
    """The right step, with another input from the own layer."""

    def answer(
        i: Array, r: Array, X: Array, beta: Array, v_above: Array, k_I: float, h: float
    ) -> Array:
        return np.asarray(i + h * (-i + input_(r, X, beta) + k_I * (v_above - i)))

    return answer


interneuron_step.wrong("the biases of the interneurons are missing.")(
    _from(lambda r, X, beta: r @ X.T)
)

interneuron_step.wrong("the biases are taken off: add them.")(
    _from(lambda r, X, beta: r @ X.T - beta)
)

interneuron_step.wrong("the input from the own layer, X r, is missing.")(
    _from(lambda r, X, beta: beta + np.zeros((len(r), len(X))))
)

interneuron_step.wrong("the input from the own layer has the wrong sign.")(
    _from(lambda r, X, beta: -(r @ X.T) + beta)
)

interneuron_step.wrong("the input from the own layer and the biases have the wrong sign.")(
    _from(lambda r, X, beta: -(r @ X.T) - beta)
)

interneuron_step.wrong("the nudge has the *sum* of v_above and i: it is their difference.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * (above + i)))
)

interneuron_step.wrong("k_I multiplies the difference: do not divide by the difference.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I / (above - i)))
)

interneuron_step.wrong("h multiplies the right side: do not divide by that.")(
    _made(lambda i, own, above, k_I, h: i + h / (-i + own + k_I * (above - i)))
)


interneuron_step.wrong("h multiplies -i alone: put all of the right side in brackets.")(
    _made(lambda i, own, above, k_I, h: i - h * i + own + k_I * (above - i))
)

interneuron_step.wrong(
    "k_I multiplies the input of the own layer as well. It belongs to the nudge."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + k_I * (own + above - i))))

interneuron_step.wrong("the leak is that of the voltage, -i, and not of the rate.")(
    _made(lambda i, own, above, k_I, h: i + h * (-np.tanh(i) + own + k_I * (above - i)))
)

interneuron_step.wrong("k_I multiplies the whole difference: put v_above - i in brackets.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * above - i))
)

interneuron_step.wrong(
    "the nudge pulls i from where *i* is, and not from the input of the own layer: v_above - i."
)(_made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * (above - own))))

interneuron_step.wrong("no mean over the batch: each input moves its interneurons by itself.")(
    _made(lambda i, own, above, k_I, h: i + h * (-i + own + k_I * (above - i)).mean(axis=0))
)

interneuron_step.wrong("the biases are added, and not multiplied.")(
    _from(lambda r, X, beta: (r @ X.T) * beta)
)

interneuron_step.wrong("X is to be transposed: r @ X.T, as a batch has its inputs in rows.")(
    _from(lambda r, X, beta: r @ X + beta)
)

interneuron_step.wrong(
    "X r is the formula for one input. For a batch, whose inputs are rows, it is r @ X.T."
)(_from(lambda r, X, beta: X @ r + beta))

interneuron_step.wrong(
    "X r is the formula for columns. For a batch, whose inputs are rows, it is r @ X.T."
)(_from(lambda r, X, beta: X @ r.T + beta))
