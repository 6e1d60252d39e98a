"""Exercise 08.1: the prediction errors of a batch, and the energy of each input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Layers = list[Array]


def cases(seed: int) -> tuple[Layers, Layers, Layers, Layers]:
    """Voltages v_1..v_L, rates r_0..r_{L-1}, weights and biases of 1 to 3 layers, for a batch.
    Sizes differ by more than one, so that none is taken for the changes of another."""
    rng = np.random.default_rng([81, seed])
    sizes = 1 + 2 * rng.integers(1, 4, size=rng.integers(2, 5))
    if seed % 2:
        sizes[rng.integers(len(sizes))] = 1
    batch = 1 if seed % 4 == 3 else 2 * int(rng.integers(1, 3))
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    v = [rng.normal(size=(batch, n)) for n, _ in pairs]
    rates = [rng.normal(size=(batch, sizes[0])), *(np.tanh(v_l) for v_l in v[:-1])]
    weights = [rng.normal(size=(n, m)) / np.sqrt(m) for n, m in pairs]
    return v, rates, weights, [rng.normal(0, 0.7, n) for n, _ in pairs]


@exercise(
    "08.1",
    "prediction errors and energy of a batch",
    cases=cases,
    hints=(
        "Take the layers one by one: `zip(v, rates, weights, biases)` hands you v_l, r_{l-1}, W_l "
        "and beta_l together.",
        "In a batch each row is an input, so the basal drive of a layer is r @ W.T + beta. The "
        "energy has one number for each row: sum over the neurons, axis 1, not over the batch.",
        "errors = [v_l - (r @ W.T + beta) for v_l, r, W, beta in zip(v, rates, weights, biases)], "
        "then F = sum((eps**2).sum(axis=1) for eps in errors) / 2, and return [*errors, F].",
    ),
)
def errors_and_energy(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Layers:
    """[eps_1, ..., eps_L, F]: eps_l = v_l - (r_{l-1} W_l^T + beta_l), each (B, n_l), and
    F = 1/2 sum_l |eps_l|^2, (B,)."""
    rows = zip(v, rates, weights, biases, strict=True)
    errors = [v_l - (r @ W.T + beta) for v_l, r, W, beta in rows]
    return [*errors, np.asarray(sum((eps**2).sum(axis=1) for eps in errors) / 2)]


Error = Callable[[Array, Array, Array, Array], Array]
Total = Callable[[Layers], Any]


def _eps(v: Array, r: Array, W: Array, beta: Array) -> Array:
    return v - r @ W.T - beta


def _half(errors: Layers) -> Any:
    return sum((eps**2).sum(axis=1) for eps in errors) / 2


def _made(error: Error = _eps, total: Total = _half, both: Any = None) -> Answer:
    """Other errors, or another energy made of them; both: what is returned, from errors and F."""

    def answer(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Any:
        errors = [error(*row) for row in zip(v, rates, weights, biases, strict=True)]
        F = total(errors)
        return [*errors, F] if both is None else both(errors, F)

    return answer


@errors_and_energy.right
def in_a_loop(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Layers:
    """Layer by layer, and row by row a product of the error with itself."""
    errors, F = [], np.zeros(len(v[0]))
    for l in range(len(v)):
        eps = v[l] - np.einsum("ij,bj->bi", weights[l], rates[l]) - biases[l]
        F += 0.5 * np.einsum("bi,bi->b", eps, eps)
        errors.append(eps)
    return [*errors, F]


@errors_and_energy.right
def side_by_side(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Layers:
    """All errors of an input side by side: the energy is half the square of their length."""
    errors = [v_l - (W @ r.T).T - b for v_l, r, W, b in zip(v, rates, weights, biases, strict=True)]
    return [*errors, np.linalg.norm(np.hstack(errors), axis=1) ** 2 / 2]


# ---------------------------------------------------------------------- the errors

errors_and_energy.wrong(
    "the sign of the errors is the wrong way round: activity minus prediction."
)(_made(lambda v, r, W, beta: r @ W.T + beta - v))

errors_and_energy.wrong("the biases are missing from the prediction.")(
    _made(lambda v, r, W, beta: v - r @ W.T)
)

errors_and_energy.wrong(
    "the sign of the biases is the wrong way round: mind the brackets in v - (r @ W.T + beta)."
)(_made(lambda v, r, W, beta: v - r @ W.T + beta))

errors_and_energy.wrong("this adds the prediction to the voltage: subtract it.")(
    _made(lambda v, r, W, beta: v + r @ W.T + beta)
)

errors_and_energy.wrong("this adds the prediction to the voltage: subtract it.")(
    _made(lambda v, r, W, beta: v + r @ W.T - beta)
)

errors_and_energy.wrong(
    "the rates come as rates: `rates[l]` has been through phi already, so no tanh of it."
)(_made(lambda v, r, W, beta: v - np.tanh(r) @ W.T - beta))

errors_and_energy.wrong("an error compares *voltages*: v, not tanh(v).")(
    _made(lambda v, r, W, beta: np.tanh(v) - r @ W.T - beta)
)

errors_and_energy.wrong("a prediction is a voltage as well: no tanh of it.")(
    _made(lambda v, r, W, beta: v - np.tanh(r @ W.T + beta))
)

errors_and_energy.wrong("these are the predictions: subtract them from the voltages.")(
    _made(lambda v, r, W, beta: r @ W.T + beta)
)

errors_and_energy.wrong("the voltage itself is no error: subtract what is predicted for it.")(
    _made(lambda v, r, W, beta: v - beta)
)

errors_and_energy.wrong("the voltage itself is no error: subtract what is predicted for it.")(
    _made(lambda v, r, W, beta: v)
)

errors_and_energy.wrong(
    "these errors are squared already. Return v - b itself; only the energy needs squares."
)(
    _made(
        lambda v, r, W, beta: _eps(v, r, W, beta) ** 2,
        lambda squares: sum(s.sum(1) for s in squares) / 2,
    )
)

errors_and_energy.wrong(
    "these are differences of *rates*. Here an error compares voltages, v - (r @ W.T + beta)."
)(_made(lambda v, r, W, beta: np.tanh(v) - np.tanh(r @ W.T + beta)))


def _with_rates(below: Callable[[Layers, Layers], Layers]) -> Answer:
    """Predictions from something else in the place of the rates r_0..r_{L-1}."""

    def answer(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Any:
        return _made()(v, below(v, rates), weights, biases)

    return answer


errors_and_energy.wrong(
    "this predicts from the *voltages* of the layer below. It sends rates, `rates[l]` for `v[l]`."
)(_with_rates(lambda v, rates: [rates[0], *v[:-1]]))

errors_and_energy.wrong(
    "the two lists begin at different layers: `v[0]` is layer 1, and `rates[0]` is the input, "
    "layer 0. So `rates[l]` is the layer *below* `v[l]`: no `l - 1`."
)(_with_rates(lambda v, rates: [rates[-1], *rates[:-1]]))

errors_and_energy.wrong(
    "the two lists begin at different layers: `v[0]` is layer 1, and `v[l - 1]` of layer 1 is the "
    "last one. Predict from `rates[l]`, the layer below `v[l]`."
)(_with_rates(lambda v, rates: [v[-1], *v[:-1]]))

errors_and_energy.wrong(
    "layer 1 is left out: with `v[0]` its list begins, so that the loop begins at 0."
)(lambda *case: errors_and_energy(*(part[1:] for part in case)))

errors_and_energy.wrong(
    "W is to be transposed: a batch has its inputs in rows, and W has a row for each neuron that "
    "receives. So r @ W.T."
)(_made(lambda v, r, W, beta: v - (r @ W + beta)))

errors_and_energy.wrong("for a batch, whose inputs are rows, the formula W r is r @ W.T.")(
    _made(lambda v, r, W, beta: v - (W @ r + beta))
)

errors_and_energy.wrong(
    "for a batch, whose inputs are rows, the formula W r is r @ W.T: this is its transpose."
)(_made(lambda v, r, W, beta: v - (W @ r.T + beta)))

errors_and_energy.wrong(
    "for a batch, whose inputs are rows, the formula W r is r @ W.T: this is its transpose."
)(_made(lambda v, r, W, beta: v - (W @ r.T + beta[:, None])))

# ---------------------------------------------------------------------- the energy

errors_and_energy.wrong("the factor 1/2 of the energy is missing.")(
    _made(total=lambda errors: 2 * _half(errors))
)

for factor in (4.0, 0.5, 2 / 3):  # * 2 in the place of / 2, another half, / 3
    errors_and_energy.wrong("the factor of the energy is off: it is 1/2, once.")(
        _made(total=lambda errors, by=factor: by * _half(errors))  # type: ignore[misc]
    )

errors_and_energy.wrong("// rounds down to a whole number: divide with /.")(
    _made(total=lambda errors: sum((eps**2).sum(axis=1) for eps in errors) // 2)
)

errors_and_energy.wrong("`2**eps` is a power of 2. Square the errors: `eps**2`.")(
    _made(total=lambda errors: sum((2**eps).sum(axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong(
    "this energy is one number for the whole batch. It has one for each input: sum over the "
    "neurons alone, axis 1."
)(_made(total=lambda errors: sum((eps**2).sum() for eps in errors) / 2))

errors_and_energy.wrong(
    "this energy is one number for the whole batch. It has one for each input: sum over the "
    "neurons alone, axis 1."
)(_made(total=lambda errors: _half(errors).mean()))

errors_and_energy.wrong("this takes the mean over the neurons. The energy is the sum.")(
    _made(total=lambda errors: sum((eps**2).mean(axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong("this takes the mean over the layers. The energy is the sum.")(
    _made(total=lambda errors: _half(errors) / len(errors))
)

errors_and_energy.wrong("the errors have to be squared before they are added up.")(
    _made(total=lambda errors: sum(eps.sum(axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong("squared, not as absolute values.")(
    _made(total=lambda errors: sum(np.abs(eps).sum(axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong("this squares the sum. Square each error first, and add up then.")(
    _made(total=lambda errors: sum(eps.sum(axis=1) ** 2 for eps in errors) / 2)
)

errors_and_energy.wrong("the lengths are to be squared: |eps|**2, in every layer.")(
    _made(total=lambda errors: sum(np.linalg.norm(eps, axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong("another power than the square.")(
    _made(total=lambda errors: sum((eps**3).sum(axis=1) for eps in errors) / 2)
)

errors_and_energy.wrong("the sign of the energy is the wrong way round.")(
    _made(total=lambda errors: -_half(errors))
)

errors_and_energy.wrong(
    "the energy of the output layer alone. All layers count, the hidden ones too."
)(_made(total=lambda errors: _half(errors[-1:])))

errors_and_energy.wrong("the output layer is missing from the energy.")(
    _made(total=lambda errors: _half(errors[:-1]) + np.zeros(len(errors[0])))
)

errors_and_energy.wrong("the output layer is missing from the energy.")(
    _made(total=lambda errors: _half(errors[:-1]))
)

errors_and_energy.wrong("layer 1 is missing from the energy.")(
    _made(total=lambda errors: _half(errors[1:]))
)

errors_and_energy.wrong("layer 1 is missing from the energy.")(
    _made(total=lambda errors: _half(errors[1:]) + np.zeros(len(errors[0])))
)

errors_and_energy.wrong(
    "the energy of layer 1 alone. All layers count: is the return in the loop?"
)(_made(total=lambda errors: _half(errors[:1])))

errors_and_energy.wrong(
    "the sum runs over the batch, axis 0. It is to run over the neurons of an input, axis 1."
)(_made(total=lambda errors: sum((eps**2).sum(axis=0) for eps in errors) / 2))

errors_and_energy.wrong("no mean over the batch: each input has an energy of its own.")(
    _made(total=lambda errors: _half(errors) / len(errors[0]))
)

errors_and_energy.wrong(
    "a product of a batch with its transpose is a matrix, of each input with each. Square entry by "
    "entry, and sum over the neurons, axis 1."
)(_made(total=lambda errors: sum(eps @ eps.T for eps in errors) / 2))

errors_and_energy.wrong(
    "`@` of two batches is no square. Square entry by entry, eps**2, and sum over the neurons, "
    "axis 1."
)(_made(total=lambda errors: sum(eps @ eps for eps in errors) / 2))


@errors_and_energy.wrong(
    "these are squares of the *voltages*. The energy is made of the errors: half of eps**2."
)
def of_voltages(v: Layers, rates: Layers, weights: Layers, biases: Layers) -> Layers:
    return [*errors_and_energy(v, rates, weights, biases)[:-1], np.asarray(_half(v))]


# ---------------------------------------------------------------------- what is returned

errors_and_energy.wrong("the energy is missing: return [*errors, F], with F last.")(
    _made(both=lambda errors, F: errors)
)

errors_and_energy.wrong("the errors are missing: return [*errors, F], with F last.")(
    _made(both=lambda errors, F: F)
)

errors_and_energy.wrong(
    "there is an energy for each layer here. Add them up: the energy is one number for each input."
)(_made(both=lambda errors, F: [*errors, np.array([(eps**2).sum(axis=1) / 2 for eps in errors])]))

errors_and_energy.wrong(
    "there is an energy for each layer here. Add them up: the energy is one number for each input."
)(_made(both=lambda errors, F: [*errors, *((eps**2).sum(axis=1) / 2 for eps in errors)]))

errors_and_energy.wrong("the energy comes last, after all errors.")(
    _made(both=lambda errors, F: [F, *errors])
)

errors_and_energy.wrong("the errors come from layer 1 to layer L, and then the energy.")(
    _made(both=lambda errors, F: [*errors[::-1], F])
)
