"""Exercise 10.2: how the interneurons' synapses learn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....teaching.exercises import Answer, exercise

Array = np.ndarray
Pair = tuple[Array, Array]


def cases(seed: int) -> tuple[Array, Array, Array, Array, float]:
    """A layer of n neurons with m interneurons and a batch of B; one of these is 1 in half of the
    cases."""
    rng = np.random.default_rng([102, seed])
    B, n, m = (int(size) for size in 2 + 2 * rng.permutation(3))  # none differs by one
    if seed % 2:
        B, n, m = ((1, n, m), (B, 1, m), (B, n, 1))[seed // 2 % 3]
    own = rng.normal(size=(B, m))
    p = own + rng.normal(size=(B, m))
    return rng.normal(size=(B, n)), p, own, rng.normal(size=(B, n)), float(rng.uniform(0.2, 3))


@exercise(
    "10.2",
    "how the interneurons learn",
    cases=cases,
    parts=("dX", "dZ"),
    hints=(
        "Both changes have the form (what is wrong at the postsynaptic side) times (presynaptic "
        "rate), summed over the batch by a product of matrices.",
        "For X, post is the interneuron: what is wrong is p - own, and pre is r. For Z, post is "
        "the dendrite: what is wrong is v_A, which should be 0, and pre is p.",
        "dX = rate * (p - own).T @ r / (B * n) and dZ = -rate * v_A.T @ p / (B * m), with "
        "B, n = r.shape and m = p.shape[1].",
    ),
)
def lateral_rule(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
    """dX (m, n) = rate <(p - own) r^T> / n and dZ (n, m) = -rate <v_A p^T> / m, means over the
    batch. r, v_A: (B, n). p, own: (B, m)."""
    (B, n), m = r.shape, p.shape[1]
    return rate * (p - own).T @ r / (B * n), -rate * v_A.T @ p / (B * m)


def _made(
    dX: Callable[[Array, Array, Array, Array], Array] = lambda r, p, own, v_A: (p - own).T @ r,
    dZ: Callable[[Array, Array, Array, Array], Array] = lambda r, p, own, v_A: -v_A.T @ p,
    X_pre: bool = True,
    Z_pre: bool = True,
    batch: bool = True,
    sign: float = 1.0,
) -> Answer:
    """Answers of this form: dX and dZ as sums over the batch; divided by the batch and by n or m
    where the flags say so."""

    def answer(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
        (B, n), m = r.shape, p.shape[1]
        each = sign * rate / (B if batch else 1)
        for_X, for_Z = (n if X_pre else 1), (m if Z_pre else 1)
        return each / for_X * dX(r, p, own, v_A), each / for_Z * dZ(r, p, own, v_A)

    return answer


@lateral_rule.right
def with_means(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
    dX = (p - own)[:, :, None] * r[:, None, :]
    dZ = v_A[:, :, None] * p[:, None, :]
    return rate / r.shape[1] * dX.mean(axis=0), -rate / p.shape[1] * dZ.mean(axis=0)


@lateral_rule.right
def with_einsum(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
    dX = np.einsum("bm,bn->mn", p - own, r) / r.size
    return rate * dX, -rate * np.einsum("bn,bm->nm", v_A, p) / p.size


lateral_rule.right(lambda r, p, own, v_A, rate: list(with_means(r, p, own, v_A, rate)))

lateral_rule.wrong(
    "dX has the wrong sign: if the interneuron fires more than its own layer makes it fire, X has "
    "to grow."
)(_made(dX=lambda r, p, own, v_A: (own - p).T @ r))

lateral_rule.wrong(
    "dZ has the wrong sign. Where the dendrite is depolarised (v_A > 0), the interneurons have to "
    "inhibit more."
)(_made(dZ=lambda r, p, own, v_A: v_A.T @ p))

lateral_rule.wrong("both signs are the wrong way round.")(_made(sign=-1))

lateral_rule.wrong(
    "dX learns from p itself. It has to learn from the *surprise*, p - own: when the interneuron "
    "is predicted, nothing changes."
)(_made(dX=lambda r, p, own, v_A: p.T @ r))

lateral_rule.wrong(
    "dX learns from own itself. It has to learn from the surprise, p - own, which vanishes when "
    "the interneuron is predicted."
)(_made(dX=lambda r, p, own, v_A: own.T @ r))

lateral_rule.wrong(
    "dX has the apical voltage in it. X ends on the interneuron, which does not see the dendrite "
    "of another neuron: use p - own."
)(_made(dX=lambda r, p, own, v_A: p.T @ v_A))

lateral_rule.wrong("X is multiplied by the rates r of the layer, and not by the apical voltages.")(
    _made(dX=lambda r, p, own, v_A: (p - own).T @ v_A)
)

lateral_rule.wrong(
    "what comes through Z is the rate p at which the interneurons fire, and not what X alone would "
    "make of them."
)(_made(dZ=lambda r, p, own, v_A: -v_A.T @ own))

lateral_rule.wrong(
    "what comes through Z is the rate p of the interneurons, and not their surprise: Z has to "
    "cancel all that comes from above."
)(_made(dZ=lambda r, p, own, v_A: -v_A.T @ (p - own)))

lateral_rule.wrong(
    "dZ has the rate of the neuron in the place of its apical voltage: it is v_A that is to "
    "become 0."
)(_made(dZ=lambda r, p, own, v_A: -r.T @ p))

lateral_rule.wrong("dZ is made of v_A minus r. What is to become 0 is the apical voltage itself.")(
    _made(dZ=lambda r, p, own, v_A: -(v_A - r).T @ p)
)

lateral_rule.wrong("this is the sum over the batch. The change is its mean.")(_made(batch=False))

lateral_rule.wrong(
    "the rate is shared among the presynaptic neurons of a synapse: divide dX by n and dZ by m."
)(_made(X_pre=False, Z_pre=False))

lateral_rule.wrong("dX is not shared among its presynaptic neurons: these are the n of the layer.")(
    _made(X_pre=False)
)

lateral_rule.wrong("dZ is not shared among its presynaptic neurons: these are the m interneurons.")(
    _made(Z_pre=False)
)


def _scaled(
    for_X: Callable[[int, int, int], float], for_Z: Callable[[int, int, int], float]
) -> Answer:
    """The sums over the batch, divided by such numbers of (B, n, m)."""

    def answer(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
        B, n, m = *r.shape, p.shape[1]
        return rate * (p - own).T @ r / for_X(B, n, m), -rate * v_A.T @ p / for_Z(B, n, m)

    return answer


lateral_rule.wrong(
    "dX is divided by the number of interneurons. Those receive here: divide by n, the number of "
    "presynaptic neurons."
)(_scaled(lambda B, n, m: B * m, lambda B, n, m: B * m))

lateral_rule.wrong(
    "dZ is divided by n. Those neurons receive here: divide by m, the number of interneurons."
)(_scaled(lambda B, n, m: B * n, lambda B, n, m: B * n))

lateral_rule.wrong("n and m are swapped: dX is shared among n neurons, dZ among m.")(
    _scaled(lambda B, n, m: B * m, lambda B, n, m: B * n)
)

lateral_rule.wrong("both are divided by n and by m. dX is shared among n neurons, dZ among m.")(
    _scaled(lambda B, n, m: B * n * m, lambda B, n, m: B * n * m)
)

lateral_rule.wrong("dX has no mean over the batch: divide by B as well.")(
    _scaled(lambda B, n, m: n, lambda B, n, m: B * m)
)

lateral_rule.wrong("dZ has no mean over the batch: divide by B as well.")(
    _scaled(lambda B, n, m: B * n, lambda B, n, m: m)
)

lateral_rule.wrong("the two are the wrong way round: dX first, then dZ.")(
    lambda r, p, own, v_A, rate: lateral_rule(r, p, own, v_A, rate)[::-1]
)

lateral_rule.wrong(
    "dX and dZ are transposed: a matrix of weights has a row for each neuron that receives. X ends "
    "on the interneurons, Z on the dendrites."
)(lambda r, p, own, v_A, rate: tuple(d.T for d in lateral_rule(r, p, own, v_A, rate)))

for slope in (lambda p: 1 - p**2, lambda p: 1 - np.tanh(p) ** 2, lambda p: p * (1 - p)):
    lateral_rule.wrong("no slope comes into dX: the surprise p - own is a difference of rates.")(
        _made(dX=lambda r, p, own, v_A, slope=slope: ((p - own) * slope(p)).T @ r)  # type: ignore[misc]
    )

lateral_rule.wrong(
    "dX is transposed: a matrix of weights has a row for each neuron that receives, here for each "
    "interneuron."
)(lambda *case: (lateral_rule(*case)[0].T, lateral_rule(*case)[1]))

lateral_rule.wrong(
    "dZ is transposed: a matrix of weights has a row for each neuron that receives, here for each "
    "neuron with its dendrite."
)(lambda *case: (lateral_rule(*case)[0], lateral_rule(*case)[1].T))

lateral_rule.wrong("the signs of the surprise are lost: X has to shrink where p is too small.")(
    _made(dX=lambda r, p, own, v_A: np.abs(p - own).T @ r)
)

lateral_rule.wrong(
    "without a transpose `@` does not combine interneurons with neurons: (p - own).T @ r, which "
    "sums over the batch."
)(_made(dX=lambda r, p, own, v_A: (p - own) @ r))

lateral_rule.wrong(
    "`np.outer` makes one long row of each batch first. For a batch it is (p - own).T @ r, which "
    "sums over the inputs."
)(_made(dX=lambda r, p, own, v_A: np.outer(p - own, r)))

lateral_rule.wrong(
    "the surprise is p - own, how far an interneuron is from what its own layer makes of it: not "
    "from the rates r of that layer."
)(_made(dX=lambda r, p, own, v_A: (p - r).T @ r))

lateral_rule.wrong(
    "what comes through Z is the rate p of the interneurons, and not the rate r of the layer."
)(_made(dZ=lambda r, p, own, v_A: -v_A.T @ r))

lateral_rule.wrong("dZ has the wrong sign, and is not shared among the m interneurons.")(
    _made(dZ=lambda r, p, own, v_A: v_A.T @ p, Z_pre=False)
)

lateral_rule.wrong("there is no 1/2 in dX.")(_made(dX=lambda r, p, own, v_A: (p - own).T @ r / 2))

lateral_rule.wrong("there is no 1/2 in dZ.")(_made(dZ=lambda r, p, own, v_A: -v_A.T @ p / 2))

lateral_rule.wrong("the rate of learning is missing.")(
    lambda r, p, own, v_A, rate: lateral_rule(r, p, own, v_A, 1.0)
)


def _rate_in_one(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
    dX, dZ = lateral_rule(r, p, own, v_A, rate)
    return dX, dZ / rate


lateral_rule.wrong("dZ has no `rate` in it.")(_rate_in_one)


@lateral_rule.wrong("dX has no `rate` in it.")
def rate_in_the_other(r: Array, p: Array, own: Array, v_A: Array, rate: float) -> Pair:
    dX, dZ = lateral_rule(r, p, own, v_A, rate)
    return dX / rate, dZ


lateral_rule.wrong("you multiply by the sizes: the change is *divided* by B, and by n or m.")(
    _scaled(lambda B, n, m: 1 / (B * n), lambda B, n, m: B * m)
)

lateral_rule.wrong("you multiply by the sizes: the change is *divided* by B, and by n or m.")(
    _scaled(lambda B, n, m: B * n, lambda B, n, m: 1 / (B * m))
)

lateral_rule.wrong("you multiply by the sizes: the change is *divided* by B, and by n or m.")(
    _scaled(lambda B, n, m: 1 / (B * n), lambda B, n, m: 1 / (B * m))
)
