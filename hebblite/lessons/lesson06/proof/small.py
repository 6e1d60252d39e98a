"""Steps T4.5 to T4.8: the pushes that small errors need, their effort, and its two bounds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....teaching.exercises import Answer
from ....teaching.proofs import Order, World
from .sharp import Sharp
from .theory import T4

Array = np.ndarray
EVERYTHING = ("least", "smooth", "on target", "small")


@T4.step(
    "T4.5",
    "the pushes that a small error needs",
    left="a_star",
    claim=Order(2),
    uses=EVERYTHING,
    needs=("T4.2",),
    because="all pushes come from one signal at the output, which has to be as large as e asks for",
    hints=(
        "By T4.2 every push of the least effort comes from one signal z at the output: "
        "a_l = J_l^T z. Small pushes move the output by sum_l J_l a_l.",
        "So sum_l J_l J_l^T z = e, or JJ z = e. Solve it for z: np.linalg.solve.",
        "J.T @ np.linalg.solve(JJ, e)",
    ),
)
def least_push(J: Array, JJ: Array, e: Array) -> Array:
    return J.T @ np.linalg.solve(JJ, e)


least_push.right(lambda J, JJ, e: J.T @ np.linalg.inv(JJ) @ e)
least_push.right(lambda J, JJ, e: np.linalg.solve(JJ, J).T @ e)

least_push.wrong(
    "this is what the transposed Jacobian alone sends, J^T e. It points the right way only if JJ "
    "is a multiple of the identity, and it does not put the output right."
)(lambda J, JJ, e: J.T @ e)

least_push.wrong(
    "with this, every layer by itself puts the output right, and all together do it too often. The "
    "layers share the work: JJ is the sum over all of them."
)(lambda J, JJ, e: np.linalg.pinv(J) @ e)

least_push.wrong("this multiplies by JJ. The signal z has to *solve* JJ z = e.")(
    lambda J, JJ, e: J.T @ JJ @ e
)

least_push.wrong("the sign is the wrong way round: e is target minus prediction, the way to go.")(
    lambda J, JJ, e: -J.T @ np.linalg.solve(JJ, e)
)

least_push.wrong("no factor 1/2: it belongs to H, and not to the push.")(
    lambda J, JJ, e: J.T @ np.linalg.solve(JJ, e) / 2
)

least_push.wrong(
    "this divides by the trace of JJ. How hard a push has to be differs from one direction of the "
    "error to the next."
)(lambda J, JJ, e: J.T @ e / np.trace(JJ))

least_push.wrong("JJ is inverted twice: once is enough, J^T does the rest.")(
    lambda J, JJ, e: J.T @ np.linalg.solve(JJ, np.linalg.solve(JJ, e))
)

least_push.wrong(
    "the identity is one too many: JJ holds that of the output layer already (J_L = I)."
)(lambda J, JJ, e: J.T @ np.linalg.solve(JJ + np.eye(len(JJ)), e))


@least_push.term("J^T e")
def transposed(J: Array, e: Array) -> Array:
    return J.T @ e


@least_push.term("the push itself")
def itself(J: Array, JJ: Array, e: Array) -> Array:
    return J.T @ np.linalg.solve(JJ, e)


@T4.step(
    "T4.6",
    "the least effort of a small error",
    left="H_star",
    claim=Order(3),
    uses=EVERYTHING,
    needs=("T4.5",),
    because="the sum over layers makes J_l J_l^T into JJ once more, and one of the three cancels",
    hints=(
        "H = 1/2 sum_l |a_l|^2 with the pushes of T4.5. Multiply out.",
        "sum_l (J_l^T z)^T (J_l^T z) = z^T JJ z with JJ z = e. How much of that is left?",
        "e @ np.linalg.solve(JJ, e) / 2",
    ),
)
def least_effort(JJ: Array, e: Array) -> float:
    return float(e @ np.linalg.solve(JJ, e) / 2)


least_effort.right(lambda JJ, e: 0.5 * e @ np.linalg.inv(JJ) @ e)
least_effort.right(
    lambda JJ, e: np.linalg.norm(np.linalg.solve(np.linalg.cholesky(JJ), e)) ** 2 / 2
)

least_effort.wrong("the factor 1/2 of H is missing.")(lambda JJ, e: e @ np.linalg.solve(JJ, e))

least_effort.wrong("this multiplies by JJ. A strong J makes the push *cheap*: solve with JJ.")(
    lambda JJ, e: e @ JJ @ e / 2
)

least_effort.wrong(
    "this is half the squared error, which is the effort only if JJ is the identity: if nothing "
    "but the output layer could be pushed."
)(lambda JJ, e: e @ e / 2)

least_effort.wrong(
    "JJ is inverted twice. In z^T JJ z, with JJ z = e, one of the inverses cancels."
)(lambda JJ, e: np.linalg.solve(JJ, e) @ np.linalg.solve(JJ, e) / 2)

least_effort.wrong("this divides by the trace of JJ: its directions count one by one.")(
    lambda JJ, e: e @ e / (2 * np.trace(JJ))
)

least_effort.wrong("the effort is a square: no root of it.")(
    lambda JJ, e: np.sqrt(e @ np.linalg.solve(JJ, e))
)

least_effort.wrong("an effort is never negative: the sign is the wrong way round.")(
    lambda JJ, e: -e @ np.linalg.solve(JJ, e) / 2
)


@least_effort.term("half the squared error")
def half_square(e: Array) -> float:
    return float(e @ e / 2)


@least_effort.term("the effort itself")
def the_effort(JJ: Array, e: Array) -> float:
    return float(e @ np.linalg.solve(JJ, e) / 2)


@T4.step(
    "T4.7",
    "what a small error needs is at least so large",
    left="H_small",
    claim=Sharp("lower"),
    uses=(),
    needs=("T4.6",),
    because="split along the eigenvectors of JJ, every part of e is divided by an eigenvalue, and "
    "none is larger than lambda_max",
    hints=(
        "Split e along the eigenvectors of JJ: 1/2 e^T JJ^-1 e is half the sum of the "
        "squared parts, each divided by its eigenvalue.",
        "Which one eigenvalue in the place of all others makes that as small as can be?",
        "e @ e / (2 * np.linalg.eigvalsh(JJ)[-1])",
    ),
)
def at_least(JJ: Array, e: Array) -> float:
    return float(e @ e / (2 * np.linalg.eigvalsh(JJ)[-1]))


at_least.right(lambda JJ, e: np.sum(e**2) / 2 / np.linalg.norm(JJ, 2))
at_least.right(lambda JJ, e: np.linalg.norm(e) ** 2 / (2 * max(np.linalg.eigvalsh(JJ))))

at_least.wrong("with the smallest eigenvalue this is the *upper* bound.")(
    lambda JJ, e: e @ e / (2 * np.linalg.eigvalsh(JJ)[0])
)


@T4.step(
    "T4.8",
    "what a small error needs is at most so large",
    left="H_small",
    claim=Sharp("upper"),
    uses=(),
    needs=("T4.6",),
    because="no eigenvalue of JJ is smaller than lambda_min, and lambda_min is at least 1: the "
    "output layer can be pushed directly",
    hints=(
        "The same sum as in T4.7. Which eigenvalue makes it as large as can be?",
        "The smallest: np.linalg.eigvalsh(JJ)[0].",
        "e @ e / (2 * np.linalg.eigvalsh(JJ)[0])",
    ),
)
def at_most(JJ: Array, e: Array) -> float:
    return float(e @ e / (2 * np.linalg.eigvalsh(JJ)[0]))


at_most.right(lambda JJ, e: np.sum(e**2) / 2 * np.linalg.norm(np.linalg.inv(JJ), 2))
at_most.right(lambda JJ, e: np.linalg.norm(e) ** 2 / (2 * min(np.linalg.eigvalsh(JJ))))

at_most.wrong("with the largest eigenvalue this is the *lower* bound.")(
    lambda JJ, e: e @ e / (2 * np.linalg.eigvalsh(JJ)[-1])
)


def _extreme(JJ: Array, last: bool) -> float:
    return float(np.linalg.eigvalsh(JJ)[-1 if last else 0])


def _slips(last: bool) -> list[tuple[str, Answer]]:
    """Known mistakes of either bound; last: it has the largest eigenvalue."""
    return [
        (
            "the factor 1/2 of H is missing.",
            lambda JJ, e: e @ e / _extreme(JJ, last),
        ),
        (
            "the squared length of e counts, not its length.",
            lambda JJ, e: np.linalg.norm(e) / (2 * _extreme(JJ, last)),
        ),
        (
            "this multiplies by the eigenvalue: a strong J makes the push *cheap*.",
            lambda JJ, e: e @ e * _extreme(JJ, last) / 2,
        ),
        (
            "the eigenvalues of JJ are squares of singular values of J already: no root.",
            lambda JJ, e: e @ e / (2 * np.sqrt(_extreme(JJ, last))),
        ),
        (
            "this divides by the square of the eigenvalue: once is enough.",
            lambda JJ, e: e @ e / (2 * _extreme(JJ, last) ** 2),
        ),
        (
            "the trace is the sum of all eigenvalues: one of them is asked for.",
            lambda JJ, e: e @ e / (2 * np.trace(JJ)),
        ),
        (
            "this is half the squared error, without JJ.",
            lambda JJ, e: e @ e / 2,
        ),
        (
            "this is 1/2 e^T JJ^-1 e itself. A bound is asked for that needs one eigenvalue "
            "of JJ only.",
            lambda JJ, e: e @ np.linalg.solve(JJ, e) / 2,
        ),
    ]


for _message, _wrong in _slips(last=True):
    at_least.wrong(_message)(_wrong)
for _message, _wrong in _slips(last=False):
    at_most.wrong(_message)(_wrong)


@T4.compose("the effort of your pushes, and your formula for it", claim=Order(3))
def chain(steps: Mapping[str, Answer], worlds: list[World]) -> list[tuple[Array, Array]]:
    """1/2 sum |a_l|^2 of the pushes of T4.5, that of the output layer included, and the effort of
    T4.6: both against H*."""
    JJ, e, engine = worlds[0]["JJ"], worlds[0]["e"], np.array(worlds[0]["H_star"])
    hidden = [steps["T4.5"](world["J"], JJ, e) for world in worlds]
    output = steps["T4.5"](np.eye(len(e)), JJ, e)  # J_L = I: the output is linear
    effort = sum(float(a @ a) for a in (*hidden, output)) / 2
    return [(np.array(effort), engine), (np.array(steps["T4.6"](JJ, e)), engine)]
