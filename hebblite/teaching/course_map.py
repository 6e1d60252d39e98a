"""The map of the course: one table of all lessons, and what follows from it.

Whatever speaks of the order of lessons, of minutes or of what a lesson needs is made from this
table: headers and footers, the index, the drawn map, the tables in README and INSTRUCTORS.

    LESSONS                 every lesson, there or planned
    lesson("02")            one of them
    shortest_path("05")     what to read for lesson 05, in order, and nothing else
"""

from __future__ import annotations

from typing import NamedTuple


class Lesson(NamedTuple):
    """One lesson. ``minutes`` are those of the main path, exercises included, for a learner alone
    who knows the field, ``asides`` those of all asides together. ``needs``: without these it is
    not understood.
    ``question`` and ``goal``: what it asks, and what one can do afterwards."""

    number: str
    stem: str
    title: str
    question: str
    goal: str
    needs: tuple[str, ...] = ()
    minutes: int = 45
    asides: int = 0
    is_there: bool = False

    @property
    def name(self) -> str:
        """Number and title, as they are written everywhere."""
        return f"{self.number} · {self.title}"

    @property
    def file(self) -> str:
        """The notebook's name."""
        return f"{self.stem}.ipynb"


LESSONS = (
    Lesson(
        "00", "00_start", "Start here",
        "Can a network learn to read digits if no synapse is ever told an error?",
        "say how feedback can teach a synapse below, and write the differential Hebbian rule",
        (), 30, 7, True,
    ),
    Lesson(
        "01", "01_spikes_to_rates", "Spikes to rates",
        "How can the timing of spikes carry a teaching signal?",
        "derive the rule from the timing of spikes, and say what its noise costs",
        ("00",), 45, 30, True,
    ),
    Lesson(
        "02", "02_credit_assignment", "Credit assignment",
        "Which synapse deserves the blame for a wrong output?",
        "do backprop by hand, name what is implausible about it, and measure an angle",
        ("00",), 45, 30, True,
    ),
    Lesson(
        "03", "03_apical_dendrite", "One neuron with an apical dendrite",
        "Can a neuron turn advice into learning without comparing it with anything?",
        "show that a change of rate carries the error, prove theorem T1, and break it",
        ("00",), 45, 30, True,
    ),
    Lesson(
        "04", "04_deep_feedback_control", "Deep Feedback Control",
        "Who tells every neuron which way to move, and when does that settle?",
        "write and tune the controller, and read from a spectrum whether it settles",
        ("02", "03"), 45, 30, True,
    ),
    Lesson(
        "05", "05_dh_learns", "DH learns deep networks",
        "Why does the whole network go downhill, and when does it not?",
        "train a deep network with the rule, bound its angle to backprop (T3), and break it (T9)",
        ("04",), 45, 30, True,
    ),
    Lesson(
        "06", "06_amount_of_feedback", "Loss I: the amount of top-down feedback",
        "How hard must a teacher push until the output is right, and does learning lower that?",
        "prove that learning lowers the amount of feedback, and say how that is tied to the error",
        ("05",), 45, 27, True,
    ),
    Lesson(
        "07", "07_inference_latency", "Loss II: inference latency",
        "How long until the answer is right?",
        "time single digits, prove when quick means right (T5), and build a counterexample",
        ("06",), 45, 30, True,
    ),
    Lesson(
        "08", "08_predictive_coding", "Predictive Coding",
        "Does the same rule learn where neurons predict each other?",
        "write inference, prove what a synapse can read in it (T7), and say when it has converged",
        ("05",), 45, 30, True,
    ),
    Lesson(
        "09", "09_equilibrium_propagation", "Equilibrium Propagation",
        "Can a network learn by settling twice, and comparing?",
        "prove that two states of rest tell the gradient (T6), and say when two rules are one",
        ("05",), 45, 27, True,
    ),
    Lesson(
        "10", "10_dendritic_microcircuit", "Dendritic error backprop",
        "Can neurons within a layer work out the error on the spot?",
        "silence the apical dendrite, prove what it says then (T8), and compare four theories",
        ("05",), 45, 28, True,
    ),
    Lesson(
        "11", "11_learning_with_spikes", "Learning with spikes",
        "Can a deep network learn from spikes alone, and what does it learn?",
        "train networks on spikes, prove what STDP tends to (T2), and say what a population buys",
        ("01", "05"), 45, 28, True,
    ),
    Lesson(
        "12", "12_whole_matrix", "The whole matrix",
        "Which parts of the theory does accuracy test, and which not?",
        "say what accuracy can tell of a rule, and judge a paper's claims by a rule set beforehand",
        ("08", "09", "10", "11"), 45, 8, True,
    ),
    Lesson(
        "13", "13_capstone", "Capstone",
        "Can you design a rule, and would you believe it?",
        "design a rule and a theory, try to refute them, and foretell an experiment on dendrites",
        ("08", "09", "10", "12"), 45, 20, True,
    ),
)  # fmt: skip

#: How many times as long as the table says a reader takes to whom all of it is new.
SLOWEST = 2
#: The lesson that has the course's main result.
MAIN_RESULT = "05"
#: The page with the map.
INDEX = "index.ipynb"


def lesson(number: str) -> Lesson:
    """The lesson with this number. KeyError if there is none."""
    for found in LESSONS:
        if found.number == number:
            return found
    raise KeyError(f"number: got {number!r}, expected one of 00 to {LESSONS[-1].number}")


def lessons_there() -> tuple[Lesson, ...]:
    """Those that can be opened, in order."""
    return tuple(one for one in LESSONS if one.is_there)


def neighbours(number: str) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after this one that can be opened, or None at either end."""
    there = lessons_there()
    at = there.index(lesson(number))
    return (there[at - 1] if at else None), (there[at + 1] if at + 1 < len(there) else None)


def shortest_path(number: str = MAIN_RESULT) -> tuple[str, ...]:
    """The lesson ``number`` and all that it needs, directly or not, in the order to read them."""
    wanted, waiting = set[str](), [number]
    while waiting:
        one = waiting.pop()
        wanted.add(one)
        waiting += lesson(one).needs
    return tuple(one.number for one in LESSONS if one.number in wanted)


def minutes_of(one: Lesson) -> str:
    """How long a lesson takes, in words. First readers who tried wrong answers as well, or to whom
    the field was new, took up to twice as long as those whose answers were right at once."""
    most = SLOWEST * one.minutes
    said = f"About {one.minutes} minutes if you know the field, up to {most} if it is new to you"
    if one.asides:
        said += f"; all asides add {one.asides} to {SLOWEST * one.asides}"
    return said


def lessons_table() -> str:
    """All lessons as a table in Markdown, with links to those that are there."""
    lines = [
        "| lesson | its question | minutes | with all asides | needs |",
        "|---|---|---|---|---|",
    ]
    for one in LESSONS:
        link = f"[{one.name}]({one.file})" if one.is_there else one.name
        time = f"{one.minutes} | {one.minutes + one.asides}" if one.is_there else "planned | "
        lines.append(f"| {link} | {one.question} | {time} | {', '.join(one.needs)} |")
    return "\n".join(lines)


def path_in_words() -> str:
    """The shortest path, such as "00 → 02 → 03 → 04 → 05"."""
    return " → ".join(shortest_path())
