"""Schematic pictures from parts: neurons, layers, loops and circuits.

Make a ``Drawing``, put parts into it, and ask for its ``svg()``. Parts return where they are, so
that arrows and labels can be tied to them, and their elements, so that ``teaching.motion`` can move
them. A drawing that shows states over time needs nothing else: draw it once per moment and hand
the strings to ``teaching.player.play``, which sends what differs.

    d = Drawing(680, 340, "A pyramidal neuron whose tuft is lit ...")
    n = neuron(d, 250, 190, b=0.6, a=0.4, v=1.0, r=1.0)
    d.say(*n.tuft.right(16), "apical drive a")
    show(d.svg())

Every part takes meanings of ``colours.CODE`` as its colour ("basal", "apical", ...), and shows the
same by dashes, arrow-heads or signs. Words are never coloured. Labels find a free place near where
they are wanted; a drawing in which one finds none says so. Labels that must not move from frame to
frame of a player are ``fixed=True``.
"""

from .charted import Frame, put_chart
from .circuit import Node, block, split, wire
from .drawing import Drawing, Point
from .interneuron import Interneuron, interneuron
from .loop import control_loop
from .network import Layers, connect, digit, layers
from .neuron import Neuron, neuron, synapse

__all__ = [
    "Drawing", "Frame", "Interneuron", "Layers", "Neuron", "Node", "Point", "block",
    "connect", "control_loop", "digit", "interneuron", "layers", "neuron", "put_chart",
    "split", "synapse", "wire",
]  # fmt: skip
