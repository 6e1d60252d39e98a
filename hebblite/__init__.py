"""hebblite: cortical hierarchies learned with temporal Hebbian updates.

A framework is a generator of states, a rule is a fold over states::

    from hebblite import Network, Adam
    from hebblite.frameworks import DeepFeedbackControl
    from hebblite.rules import DifferentialHebbian

    net = Network([784, 128, 10])
    states = DeepFeedbackControl().teach(net, x, target)
    updates = DifferentialHebbian()(states)
    Adam().step(net, updates)

or, on every core, ``updates, loss = update(net, framework, rule, x, target)``, as ``fit`` does it.

frameworks: Backprop, DeepFeedbackControl, PredictiveCoding, EquilibriumPropagation,
DendriticMicrocircuit. rules: ErrorBased, Contrastive, DifferentialHebbian, STDP, Hebbian,
Gradient. losses: what the theorems say is minimised. analysis: angles, Jacobians, loops.
"""

from . import analysis, frameworks, losses, rules
from .history import History
from .network import Network
from .optim import SGD, Adam
from .rules import STDP
from .stream import Block, Fold, Record, fold
from .training import fit, update

__version__ = "0.1.0"
__all__ = [
    "SGD",
    "STDP",
    "Adam",
    "Block",
    "Fold",
    "History",
    "Network",
    "Record",
    "analysis",
    "fit",
    "fold",
    "frameworks",
    "losses",
    "rules",
    "update",
]
