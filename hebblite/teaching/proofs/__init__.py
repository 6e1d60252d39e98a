"""Proofs that the learner writes: each step is a function, and the machine tries to refute it.

    prove("T3.1", my_step, uses=["rest at the end"])     in a notebook: a box with the verdict

A step is data beside its reference, as an exercise is. A complete theorem, with one step:

    from hebblite.teaching.proofs import Draw, Exact, theorem

    def springs(draw: Draw) -> list[World]:        # measures with the engine: here a made-up one
        rng = np.random.default_rng(draw.seed)
        n, m = draw.sizes[:2]
        W, x = rng.normal(size=(n, m)), rng.normal(size=m)
        rest = W @ x + (draw.strength if "unloaded" in draw.broken else 0.0)
        return [{"W": W, "x": x, "y": rest, "where": "layer 1"}]

    T99 = theorem("T99", "springs add up", lesson="99", bench=springs,
                  assumptions={"unloaded": "nothing else pulls"},
                  symbols={"W": "stiffness, (n, m)", "x": "stretch, (m,)", "y": "force, (n,)"})

    @T99.step("T99.1", "the force is the sum over the springs", left="y", claim=Exact(),
              uses=("unloaded",), because="forces on one point add up", hints=("One row...",))
    def force(W, x):                               # its argument names are the symbols it may use
        return W @ x

    @force.right
    def row_by_row(W, x):
        return np.array([row @ x for row in W])

    @force.wrong("the springs pull, they do not push: a minus is too much.")
    def pushing(W, x):
        return -W @ x

    @force.term("the pull of the springs")         # what an answer may lack, for "What is missing"
    def pull(W, x):                                # symbols of the theorem, or (world)
        return W @ x

    prove("T99.1", lambda W, x: W @ x, ["unloaded"])

What a bench returns: a list of worlds, dicts symbol -> number or array, all of one network, always
in the same order for draws that differ in their strength only. "where" says in words which part of
the network it is; "net" is the network, for drawing. A bench returns [] for sizes that it has no
use for. In ``draw.broken`` stand the assumptions that the worlds must violate, and only those: a
broken "weak" means that the worlds are strong, whatever ``draw.strength`` is. Worlds are kept.

Kinds of claims, with what a world holds beside its symbols:

    Exact(1e-9)           left and right are equal, in worlds of the theorem's ``strength``
    Order(2)              their difference shrinks as strength^2: worlds at 1e-4, 1e-3, 1e-2
    Tends(1)              left tends to right: the same at 1e-3, 1e-2, 1e-1
    Bound("lower")        right <= left; world["point"] an array, world["vary"](point) -> a world
                          (or None): what the hill climb changes. One world should attain it.
    Gradient("H", "W")    world["H"] is a function of one argument like world["W"]
    Mean(10_000)          world[left] is a function (rng, n) -> n random values, (n, ...)

``@T3.compose("title", claim=Order(2))`` makes a function (steps, worlds of one network) -> pairs
(predicted, measured) the chain of the steps: steps["T3.1"] is a function of that step's symbols.
What else a lesson shows: ``symbols("T3")``, ``statement("T3.1")``, ``arrange("T3", "C A B")``,
``run_proof("T3", my_first, ...)``, ``draw_assumptions("T3")``, ``theorem_map()``. For the picture
of the smallest network a world may have "x" or "rates", for what stands in the neurons, and
"places" (see ``places``).

A lesson keeps its theorem in ``hebblite.lessons.lessonNN.proof``: steps are found there by name.
"""

from .arrange import arrange
from .assumption_table import draw_assumptions
from .bound import Bound
from .gradient import Gradient
from .kinds import Exact, Order, Tends
from .mean import Mean
from .prove import prove, your_step
from .registry import find_step, steps, theorems
from .run_proof import run_proof
from .smallest import Smallest
from .symbols_table import statement, symbols
from .theorem_map import draw_theorem_map, theorem_map
from .theory import Composition, Draw, Step, Theorem, World, theorem
from .verdict import verdict

__all__ = [
    "Bound", "Composition", "Draw", "Exact", "Gradient", "Mean", "Order", "Smallest", "Step",
    "Tends", "Theorem", "World", "arrange", "draw_assumptions", "draw_theorem_map", "find_step",
    "prove", "run_proof", "statement", "steps", "symbols", "theorem", "theorem_map", "theorems",
    "verdict", "your_step",
]  # fmt: skip
