"""Steps T7.8 and T7.9: the energy at rest is the least effort, and what a softmax leaves free."""

from __future__ import annotations

import numpy as np

from ....teaching.proofs import Exact
from .statement import END, T7

Array = np.ndarray


@T7.step(
    "T7.8",
    "the energy and the least effort",
    left="H_star",
    claim=Exact(),
    uses=(END,),
    needs=("T7.1", "T4.1"),
    because="F is the effort H with eps_l in the place of a_l, and inference goes down to where it "
    "is least",
    hints=(
        "The effort H = 1/2 sum |a_l|^2 of lesson 06 has a_l = v_l - W_l r_{l-1} - beta_l. Which "
        "quantity of Predictive Coding is that?",
        "It is eps_l: H and F are one function. So the least effort is F where inference ends.",
        "eps_all @ eps_all / 2",
    ),
)
def least_effort(eps_all: Array) -> float:
    """H* = F* = 1/2 sum_l |eps_l|^2 at rest"""
    return float(eps_all @ eps_all / 2)


least_effort.right(lambda eps_all: 0.5 * np.sum(eps_all**2))
least_effort.right(lambda eps_all: np.linalg.norm(eps_all) ** 2 / 2)
least_effort.right(lambda eps_all: sum(one * one for one in eps_all) / 2)


@least_effort.term("the sum of the squares")
def squares(eps_all: Array) -> float:
    return float(eps_all @ eps_all)


least_effort.wrong("the factor 1/2 of the energy is missing.")(lambda eps_all: eps_all @ eps_all)
least_effort.wrong("the energy has a factor 1/2, and not 1/4 or a smaller one.")(
    lambda eps_all: eps_all @ eps_all / 4
)
least_effort.wrong("the energy is a sum of squares: no root of it.")(
    lambda eps_all: np.sqrt(eps_all @ eps_all)
)
least_effort.wrong("the energy is a sum of squares: no root of it.")(
    lambda eps_all: np.linalg.norm(eps_all) / 2
)
least_effort.wrong("an effort is never negative: the sign is the wrong way round.")(
    lambda eps_all: -eps_all @ eps_all / 2
)
least_effort.wrong(
    "these are the errors without their squares. Errors of both signs would cancel, and an energy "
    "must not."
)(lambda eps_all: np.sum(eps_all) / 2)
least_effort.wrong("this is the square of the sum. The sum of the squares is meant.")(
    lambda eps_all: np.sum(eps_all) ** 2 / 2
)
least_effort.wrong("these are absolute values. The energy sums up squares.")(
    lambda eps_all: np.sum(np.abs(eps_all)) / 2
)
least_effort.wrong("this is the mean of the squares: their sum is meant.")(
    lambda eps_all: np.mean(eps_all**2) / 2
)
least_effort.wrong("this is the largest square alone. All errors of all layers add up.")(
    lambda eps_all: np.max(eps_all**2) / 2
)
least_effort.wrong("a power too many: squares are meant, not fourth powers.")(
    lambda eps_all: (eps_all @ eps_all) ** 2 / 2
)
least_effort.wrong("this counts the errors. Their squares add up.")(
    lambda eps_all: len(eps_all) / 2
)


@T7.step(
    "T7.9",
    "the constant that a softmax leaves free",
    left="c",
    claim=Exact(),
    uses=(),
    because="the error of the output is least in the c at which its slope, the sum of its entries, "
    "is zero",
    hints=(
        "Every c gives the same probabilities, so the one is taken that costs the least energy: "
        "1/2 |log(target) + c - b_out|^2 is to be least.",
        "Its slope by c is the sum of all entries of log(target) + c - b_out. Put it equal to "
        "zero.",
        "np.mean(b_out - np.log(target))",
    ),
)
def constant_of_a_softmax(b_out: Array, target: Array) -> float:
    """c = mean over outputs of b_L - log y; so that the errors of the output sum up to zero"""
    return float(np.mean(b_out - np.log(target)))


constant_of_a_softmax.right(lambda b_out, target: b_out.mean() - np.log(target).mean())
constant_of_a_softmax.right(lambda b_out, target: sum(b_out - np.log(target)) / len(b_out))
constant_of_a_softmax.right(
    lambda b_out, target: np.dot(b_out - np.log(target), np.full(len(target), 1 / len(target)))
)


@constant_of_a_softmax.term("the mean of the predicted voltages")
def mean_prediction(b_out: Array) -> float:
    return float(np.mean(b_out))


@constant_of_a_softmax.term("the mean of log(target)")
def mean_logarithm(target: Array) -> float:
    return float(np.mean(np.log(target)))


wrong = constant_of_a_softmax.wrong
wrong("the sign is the wrong way round: c lifts log(target) to where the predicted voltages are.")(
    lambda b_out, target: np.mean(np.log(target) - b_out)
)
wrong("the logarithm is missing: the softmax of a voltage is a probability, so voltages are logs.")(
    lambda b_out, target: np.mean(b_out - target)
)
wrong("this is the sum over all outputs. One c serves all of them: the mean.")(
    lambda b_out, target: np.sum(b_out - np.log(target))
)
wrong("the two are added. What is to be bridged is the *difference* of prediction and logarithm.")(
    lambda b_out, target: np.mean(b_out + np.log(target))
)
wrong("this is the prediction alone. The logarithms of the target have a mean of their own.")(
    lambda b_out, target: np.mean(b_out)
)
wrong("this is the target alone. c has to bridge the way to the predicted voltages.")(
    lambda b_out, target: -np.mean(np.log(target))
)
wrong("the energy has squares of the errors, and so the mean, not the median, is least.")(
    lambda b_out, target: np.median(b_out - np.log(target))
)
wrong("this puts the largest voltages on each other. All outputs count alike: take the mean.")(
    lambda b_out, target: np.max(b_out) - np.max(np.log(target))
)
wrong(
    "this makes the sums of the exponentials equal, as a softmax would. The energy is a square of "
    "differences of *voltages*."
)(lambda b_out, target: np.log(np.sum(np.exp(b_out))) - np.log(np.sum(target)))
wrong("no factor 1/2: the 2 of the square has cancelled it.")(
    lambda b_out, target: np.mean(b_out - np.log(target)) / 2
)
wrong("the logarithm is that of the mean. The mean of the logarithms is meant.")(
    lambda b_out, target: np.mean(b_out) - np.log(np.mean(target))
)
wrong("this weights the outputs with their probabilities. In the energy all outputs count alike.")(
    lambda b_out, target: target @ (b_out - np.log(target))
)
wrong("the logarithm is taken of the voltages too: they are logarithms of probabilities already.")(
    lambda b_out, target: np.mean(np.log(np.abs(b_out)) - np.log(target))
)
