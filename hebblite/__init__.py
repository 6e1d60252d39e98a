"""hebblite: cortical hierarchies learned with temporal Hebbian updates.

A framework is a generator of states, a rule is a fold over states::

    from hebblite import Network, Adam
    from hebblite.frameworks import DeepFeedbackControl
    from hebblite.rules import DifferentialHebbian

    net = Network([784, 128, 10])
    states = DeepFeedbackControl().teach(net, x, target)
    updates = DifferentialHebbian()(states)
    Adam().step(net, updates)
"""

from . import analysis, frameworks, rules
from .network import Network
from .optim import SGD, Adam
from .stream import Block, Fold, Record, fold
from .training import History, fit

__version__ = "0.1.0"
__all__ = [
    "SGD",
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
    "rules",
]
