"""Exercise 07.3: the counterexample, a network that is quicker and errs as before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Three = tuple[Array, Array, Array]


def cases(seed: int) -> tuple[Array, Array, Array, float]:
    """Weights into and out of a hidden layer; one of its three sizes is 1 in one case of three."""
    rng = np.random.default_rng([73, seed])
    m, n, top = rng.integers(2, 6, size=3)
    if seed % 3 == 2:
        m, n, top = (1 if i == seed // 3 % 3 else size for i, size in enumerate((m, n, top)))
    W_in, W_out = rng.normal(size=(n, m)), rng.normal(size=(top, n))
    return W_in, rng.normal(size=n), W_out, float(rng.uniform(2, 6))


@exercise(
    "07.3",
    "quick with the same error",
    cases=cases,
    parts=("W_in", "bias", "W_out"),
    hints=(
        "A neuron and its twin always have the same rate, since they have the same weights in and "
        "the same bias. So only the *sum* of what the two send on matters for the output.",
        "(1 + split) / 2 and (1 - split) / 2 add up to 1, whatever the split.",
        "np.vstack([W_in, W_in]), np.concatenate([bias, bias]), and np.hstack of the two multiples "
        "of W_out.",
    ),
)
def twins(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    """The layer with a twin for each neuron: W_in (n, m), bias (n,) and W_out (n_out, n) become
    (2n, m), (2n,) and (n_out, 2n). Each output is what it was, but J J^T is larger."""
    return (
        np.vstack([W_in, W_in]),
        np.concatenate([bias, bias]),
        np.hstack([(1 + split) / 2 * W_out, (1 - split) / 2 * W_out]),
    )


def _doubled(one: float, other: float) -> Callable[..., Three]:
    """A twin for each neuron; the two send ``one`` and ``other`` times the old weights out."""
    return lambda W_in, bias, W_out, split: (
        np.vstack([W_in, W_in]),
        np.concatenate([bias, bias]),
        np.hstack([one * W_out, other * W_out]),
    )


def _shares(make: Callable[[float], tuple[float, float]]) -> Answer:
    return lambda W_in, bias, W_out, split: _doubled(*make(split))(W_in, bias, W_out, split)


@twins.right
def by_index(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    n = len(bias)
    first, second = W_out.copy(), W_out.copy()
    first *= 0.5 + split / 2
    second -= first
    both = np.arange(2 * n) % n
    return W_in[both], bias[both], np.concatenate([first, second], axis=1)


@twins.right
def kronecker(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    ones, shares = np.ones((2, 1)), np.array([[1 + split, 1 - split]]) / 2
    return np.kron(ones, W_in), np.tile(bias, 2), np.kron(shares, W_out)


twins.right(lambda *given: list(twins(*given)))


twins.wrong(
    "the two halves are missing: what the twins send adds up to twice the old output. Divide both "
    "by 2."
)(_shares(lambda split: (1 + split, 1 - split)))

twins.wrong("the twins send the same, half of it each. The output stays, but split is not used.")(
    _shares(lambda split: (0.5, 0.5))
)

twins.wrong(
    "both twins get stronger, so the output grows by the split. The second one has to take away "
    "what the first sends too much: (1 - split) / 2."
)(_shares(lambda split: (split, split)))

twins.wrong("both twins send (1 + split) / 2: the second one has (1 - split) / 2.")(
    _shares(lambda split: ((1 + split) / 2, (1 + split) / 2))
)

twins.wrong("both twins send (1 - split) / 2: the first one has (1 + split) / 2.")(
    _shares(lambda split: ((1 - split) / 2, (1 - split) / 2))
)

twins.wrong("the old neurons come first, with (1 + split) / 2, and their twins after them.")(
    _shares(lambda split: ((1 - split) / 2, (1 + split) / 2))
)

twins.wrong(
    "split and 1 - split add up to 1, but their difference is 2 split - 1: the exercise asks for "
    "two whose difference is the split."
)(_shares(lambda split: (split, 1 - split)))

twins.wrong("the twins cancel each other: together they must send what the old neuron sent.")(
    _shares(lambda split: (split, -split))
)

twins.wrong("the twins cancel each other: (1 + split) / 2 and (1 - split) / 2 add up to 1.")(
    _shares(lambda split: (split / 2, -split / 2))
)

twins.wrong("the sign of the second twin is wrong: (1 - split) / 2 is negative for split > 1.")(
    _shares(lambda split: ((1 + split) / 2, (split - 1) / 2))
)

for pair in ((1.0, 1.0), (1.0, 0.0), (0.5, -0.5)):
    twins.wrong(
        "split is not used: the two shares add up to 1, and their difference is the split."
    )(_doubled(*pair))

SUMS: tuple[Callable[[float], tuple[float, float]], ...] = (
    lambda split: (split, 1.0),
    lambda split: (1.0, split),
    lambda split: (split, 0.0),
    lambda split: (1.0, -split),
    lambda split: (1 + split, 1.0),
    lambda split: (1 + split, -split),
    lambda split: (1 - split, split),
    lambda split: (split / 2, split / 2),
    lambda split: (1 / split, 1 - 1 / split),
)
for shares in SUMS:
    twins.wrong(
        "solve the two equations for the shares: they add up to 1, so that nothing changes at the "
        "output, and the first minus the second is the split."
    )(_shares(shares))

twins.wrong("you divide by the split: it multiplies.")(
    _shares(lambda split: ((1 + 1 / split) / 2, (1 - 1 / split) / 2))
)

twins.wrong(
    "only the second twin is divided by 2. Brackets first: (1 + split) / 2 and (1 - split) / 2."
)(_shares(lambda split: (1 + split / 2, 1 - split / 2)))


@twins.wrong(
    "the biases are halved. The twins have the *same* rate, so the whole bias goes to both."
)
def half_bias(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    return W, b / 2, V


@twins.wrong("the second twin has no bias: without it, its rate is another one.")
def no_bias(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, _, V = twins(W_in, bias, W_out, split)
    return W, np.concatenate([bias, 0 * bias]), V


@twins.wrong("the weights in are halved. The twins have the *same* rate, so they are copied whole.")
def half_in(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    return W / 2, b, V


@twins.wrong("the second twin has no weights in: copy those of the first.")
def no_in(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    _, b, V = twins(W_in, bias, W_out, split)
    return np.vstack([W_in, 0 * W_in]), b, V


@twins.wrong(
    "each twin stands right behind its neuron (np.repeat). That network does the same, but the "
    "order that is asked for is: all old neurons, then all twins."
)
def interleaved(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    order = np.arange(2 * len(bias)).reshape(2, -1).T.ravel()
    return W[order], b[order], V[:, order]


@twins.wrong("the biases are repeated one by one (np.repeat). All of them come once, then again.")
def repeated_bias(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, _, V = twins(W_in, bias, W_out, split)
    return W, np.repeat(bias, 2), V


@twins.wrong("the split belongs to the weights *out*. With other weights in, the rates change.")
def gain_in(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W = np.vstack([(1 + split) / 2 * W_in, (1 - split) / 2 * W_in])
    return W, np.concatenate([bias, bias]), np.hstack([W_out, W_out])


@twins.wrong(
    "this scales what comes in down and what goes out up. That works for ReLU alone; with twins it "
    "works for every neuron."
)
def scaled(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = _doubled(split, 0.0)(W_in, bias, W_out, split)
    return W / split, b / split, V


@twins.wrong("the three are in another order: the weights in, the biases, the weights out.")
def another_order(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    return W, V, b


def _one_share(make: Callable[[float, int], float], sign: int) -> Answer:
    """Answers in which one of the two shares is another one: the first for sign 1."""
    return _shares(
        lambda split: (
            (make(split, 1), (1 - split) / 2) if sign > 0 else ((1 + split) / 2, make(split, -1))
        )
    )


Share = Callable[[float, int], float]
#: Shares that are not (1 + sign * split) / 2.
SHARES: tuple[Share, ...] = (
    lambda split, sign: 1 + sign * split,
    lambda split, sign: 2 * (1 + sign * split),
    lambda split, sign: (1 + sign * split) // 2,
    lambda split, sign: (1 + sign * split) / 3,
    lambda split, sign: sign * split / 2,
    lambda split, sign: (2 + sign * split) / 2,
    lambda split, sign: 1 + sign * split / 2,
    lambda split, sign: (1 + sign / split) / 2,
    lambda split, sign: 1 / 2,
    lambda split, sign: 1.0,
    lambda split, sign: split,
    lambda split, sign: -split,
)
for share in SHARES:
    for sign in (1, -1):
        twins.wrong(
            "one of the two shares is wrong. They add up to 1, so that nothing changes at the "
            "output, and their difference is the split."
        )(_one_share(share, sign))


@twins.wrong("you divide by W_out: it is multiplied by the two shares.")
def divided(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    return W, b, np.hstack([(1 + split) / 2 / W_out, V[:, len(bias) :]])


@twins.wrong("you divide by W_out: it is multiplied by the two shares.")
def divided_second(W_in: Array, bias: Array, W_out: Array, split: float) -> Three:
    W, b, V = twins(W_in, bias, W_out, split)
    return W, b, np.hstack([V[:, : len(bias)], (1 - split) / 2 / W_out])


def _stacked(which: int) -> Answer:
    """Answers that put two arrays side by side along an axis of their own."""

    def answer(*given: Array) -> list[Array]:
        found = list(twins(*given))
        halves = np.split(found[which], 2, axis=1 if which == 2 else 0)
        found[which] = np.array(halves)
        return found

    return answer


for which, stacker in ((0, "np.vstack"), (1, "np.concatenate"), (2, "np.hstack")):
    twins.wrong(
        f"a list of two arrays becomes an array with one axis more. {stacker} makes one longer "
        "array of them."
    )(_stacked(which))
