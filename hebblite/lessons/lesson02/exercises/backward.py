"""Exercises 02.1 and 02.3: the backward pass, with transposed weights and with other feedback.

Both make the same mistakes: they are functions of the matrices that lead ``down``, each
(n_{l+1}, n_l), which are W_2..W_L in 02.1 and the transposes of B_1..B_{L-1} in 02.3.
"""

# mypy: allow-untyped-defs
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, Wrong, exercise

Array = np.ndarray
Slope = Callable[[Array], Array]


def problem(seed: int, key: int = 21) -> tuple[list[Array], list[Array], Array]:
    """Weights, rates and output error of a tanh network with linear output, for a batch. Now and
    then it is a batch of one, one output, or a hidden layer of one neuron."""
    rng = np.random.default_rng([key, seed])
    depth = 2 + seed % 3
    sizes = rng.permutation(np.arange(2, 9))[: depth + 1]  # no two alike: a slip shows as a shape
    batch = 1 if seed % 4 == 1 else int(rng.integers(9, 12))
    if seed % 4 > 1:
        sizes[(-1, 1)[seed % 4 - 2]] = 1
    weights = [rng.normal(0, 0.8, (n, m)) for n, m in zip(sizes[1:], sizes[:-1], strict=True)]
    rates = [rng.uniform(0, 1, (batch, sizes[0]))]
    for W in weights[:-1]:
        rates.append(np.tanh(rates[-1] @ W.T))
    rates.append(rates[-1] @ weights[-1].T)
    return weights, rates, rng.normal(0, 1, (batch, sizes[-1]))


def problem_with_feedback(seed: int) -> tuple[list[Array], list[Array], Array]:
    """The same with feedback matrices in the place of the weights."""
    weights, rates, e = problem(seed, 23)
    rng = np.random.default_rng([24, seed])
    return [rng.normal(0, 0.8, W.T.shape) for W in weights[1:]], rates, e


@exercise(
    "02.1",
    "the backward pass",
    cases=problem,
    hints=(
        "Begin at the end: what is δ of the output layer, where φ is linear?",
        "For a batch, δ_{l+1} has shape (B, n_{l+1}) and W_{l+1} has (n_{l+1}, n_l). One "
        "product without any transpose gives (B, n_l). In the list, W_{l+1} is weights[l]. D_l "
        "then multiplies entry by entry: * (1 - r**2), with r = rates[l].",
        "Begin with answer = [e] and loop over l = L−1, ..., 1: take the δ at the front of the "
        "list through weights[l], multiply by the slopes of rates[l], and put the result at "
        "the front (list.insert(0, ...)).",
    ),
)
def deltas(weights: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_L = e and delta_l = D_l W_{l+1}^T delta_{l+1}, rows for inputs: tanh, linear output."""
    found = [e]
    for l in range(len(weights) - 1, 0, -1):
        found.insert(0, (found[0] @ weights[l]) * (1 - rates[l] ** 2))
    return found


@exercise(
    "02.3",
    "the backward pass of feedback alignment",
    cases=problem_with_feedback,
    hints=(
        "Take your backward pass from 02.1. Which matrix stood there, and what is its shape?",
        "B_l has the shape of W_{l+1}^T: (n_l, n_{l+1}). A batch of δ_{l+1} is (B, n_{l+1}), "
        "so now a transpose is needed. In the list, B_l is feedback[l - 1].",
        "Your loop of 02.1 with feedback[l - 1].T in the place of weights[l]; L − 1 is now the "
        "length of the list.",
    ),
)
def aligned_deltas(feedback: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_L = e and delta_l = D_l B_l delta_{l+1}: ``feedback`` holds B_1..B_{L-1}."""
    found = [e]
    for l in range(len(feedback), 0, -1):
        found.insert(0, (found[0] @ feedback[l - 1].T) * (1 - rates[l] ** 2))
    return found


def in_02_1(answer: Answer) -> Answer:
    """An answer to 02.1, from one that is given the matrices that lead down."""
    return lambda weights, rates, e: answer(weights[1:], rates, e)


def in_02_3(answer: Answer) -> Answer:
    """An answer to 02.3, from one that is given the matrices that lead down."""
    return lambda feedback, rates, e: answer([B.T for B in feedback], rates, e)


# ---------------------------------------------------------------------- right


def one_by_one(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """Input by input, synapse by synapse."""
    found = [np.array(e, float)]
    for l in range(len(down), 0, -1):
        below = np.zeros((len(e), down[l - 1].shape[1]))
        for b in range(len(e)):
            for j in range(below.shape[1]):
                for i in range(down[l - 1].shape[0]):
                    below[b, j] += down[l - 1][i, j] * found[0][b, i]
                below[b, j] *= 1 - rates[l][b, j] ** 2
        found.insert(0, below)
    return found


def by_jacobian(down: list[Array], rates: list[Array], e: Array) -> list[Array]:
    """delta_l = J_l^T e, with J_l made whole."""
    J = [np.broadcast_to(np.eye(e.shape[1]), (len(e), e.shape[1], e.shape[1]))]
    for l in range(len(down), 0, -1):
        J.insert(0, (J[0] @ down[l - 1]) * (1 - rates[l][:, None, :] ** 2))
    return [np.einsum("bki,bk->bi", J_l, e) for J_l in J]


for answer in (one_by_one, by_jacobian):
    deltas.right(in_02_1(answer))
    aligned_deltas.right(in_02_3(answer))


@deltas.right
def as_a_tuple(weights, rates, e):
    return tuple(deltas(weights, rates, e))


@aligned_deltas.right
def as_backprop(feedback, rates, e):
    return deltas([np.zeros(0), *(B.T for B in feedback)], rates, e)


# ---------------------------------------------------------------------- wrong


def tanh_slope(r: Array) -> Array:
    return 1 - r**2


def no_slope(r: Array) -> Array:
    return np.ones_like(r)


def way_down(
    down: list[Array],
    rates: list[Array],
    e: Array,
    slope: Slope = tanh_slope,
    top: Slope = no_slope,
) -> list[Array]:
    """A backward pass with any slopes; with those that it has by itself, it is right."""
    found = [top(rates[-1]) * e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] @ down[l - 1]) * slope(rates[l]))
    return found


#: The mistakes of both exercises, as functions of (down, rates, e).
mistake = Wrong()


@mistake("the sign is the wrong way round: e is target minus prediction, and δ has its sign.")
def sign_reversed(down, rates, e):
    return [-d for d in way_down(down, rates, e)]


@mistake("the slopes are missing: after the way down, each δ is multiplied by φ' of its own layer.")
def without_slopes(down, rates, e):
    return way_down(down, rates, e, slope=no_slope)


@mistake("there is a slope too many at the output: its rate *is* its voltage, so φ' = 1 there.")
def slope_at_the_output(down, rates, e):
    return way_down(down, rates, e, top=tanh_slope)


@mistake("that is the slope of a sigmoid, r (1 − r); these neurons have φ = tanh.")
def slope_of_a_sigmoid(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: r * (1 - r))


@mistake(
    "you divide by the slope. The chain rule multiplies: a flat neuron passes little blame on."
)
def divided_by_the_slope(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 / (1 - r**2))


@mistake("the slope of tanh is 1 − r², with a minus: it is largest where r = 0.")
def slope_with_a_plus(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 + r**2)


@mistake("the slope of tanh is 1 − r². The 1 is missing: at r = 0 yours is 0, and it should be 1.")
def slope_without_one(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: -(r**2))


@mistake("the slope of tanh is 1 − r², so that it is 1 at r = 0. Yours is 2 there.")
def slope_from_two(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 2 - r**2)


@mistake("the square of a rate is r ** 2. You wrote 2 ** r.")
def power_the_other_way_round(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 - 2**r)


@mistake("the slope of tanh has the *square* of the rate, 1 − r ** 2.")
def another_power(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 - r**3)


@mistake("that is a slope of a slope: rates[l] is already tanh(v), and its slope is 1 − r ** 2.")
def slope_of_a_slope(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: tanh_slope(tanh_slope(r)))


@mistake(
    "you average the slopes over the batch. Every input has slopes of its own: multiply row by row."
)
def mean_slopes(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: tanh_slope(r).mean(axis=0))


@mistake("every input gets the slopes of the first one. Each row has its own.")
def slopes_of_the_first_input(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: tanh_slope(r[:1]))


@mistake("the highest hidden layer has no slope; every hidden layer needs one.")
def slope_missing_at_the_top(down, rates, e):
    found = [e]
    for l in range(len(down), 0, -1):
        slope = 1.0 if l == len(down) else tanh_slope(rates[l])
        found.insert(0, (found[0] @ down[l - 1]) * slope)
    return found


@mistake(
    "the results are rounded to whole numbers: an array of integers cannot hold them. Make it "
    "with floats."
)
def in_integers(down, rates, e):
    return [d.astype(int) for d in way_down(down, rates, e)]


@mistake("the slope takes tanh of a rate, which is already tanh(v): write φ'(v) with r alone.")
def tanh_of_a_rate(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 - np.tanh(r) ** 2)


@mistake("the slope of tanh is not 1 − r: differentiate tanh(v) and write it with r.")
def not_squared(down, rates, e):
    return way_down(down, rates, e, slope=lambda r: 1 - r)


@mistake(
    "each δ has the slope of its own layer, but those of the layers above are lost on the way: go "
    "down from δ of the layer above, slope included."
)
def own_slope_only(down, rates, e):
    raw = way_down(down, rates, e, slope=no_slope)
    return [d * (1 - r**2) for d, r in zip(raw[:-1], rates[1:-1], strict=True)] + [e]


@mistake(
    "np.diag of a (B, n) array takes its diagonal: it mixes up inputs and neurons. D_l is a "
    "diagonal matrix for each input; for rows, multiply entry by entry with the slopes."
)
def diagonal_of_the_batch(down, rates, e):
    found = [e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] @ down[l - 1]) * np.diag(tanh_slope(rates[l])))
    return found


@mistake("only the highest hidden layer has its slope; every hidden layer needs one.")
def slope_below_the_top_only(down, rates, e):
    found = [e]
    for l in range(len(down), 0, -1):
        slope = tanh_slope(rates[l]) if l == len(down) else 1.0
        found.insert(0, (found[0] @ down[l - 1]) * slope)
    return found


@mistake("the order is reversed: the list begins with δ of layer 1 and ends with the output.")
def output_first(down, rates, e):
    return way_down(down, rates, e)[::-1]


@mistake(
    "you divide by the batch: there is one δ for each input; the average comes with the update."
)
def divided_by_the_batch(down, rates, e):
    return [d / len(e) for d in way_down(down, rates, e)]


@mistake("a minus comes in at every hidden layer. The sign is in e, once; the way down adds none.")
def minus_at_each_layer(down, rates, e):
    right = way_down(down, rates, e)
    return [d * (-1) ** (len(down) - l) for l, d in enumerate(right)]


@mistake(
    "the slopes are those of the layer above: multiply *after* the way down, with the rates of the "
    "layer that you have reached."
)
def slope_of_the_layer_above(down, rates, e):
    found = [e]
    for l in range(len(down), 0, -1):
        found.insert(0, (found[0] * tanh_slope(rates[l + 1])) @ down[l - 1])
    return found


@mistake("that is δ r^T, the update of the weights; return δ.")
def updates(down, rates, e):
    return [d.T @ r for d, r in zip(way_down(down, rates, e), rates, strict=False)]


@mistake("that is the mean of δ r^T, the update of the weights; return δ, a row for each input.")
def mean_updates(down, rates, e):
    return [u / len(e) for u in updates(down, rates, e)]


for answer, message in mistake:
    deltas.wrong(message)(in_02_1(answer))
    aligned_deltas.wrong(message)(in_02_3(answer))
