"""Rules: how activity changes weights. Each is a fold over the stream of states.

A rule sees what a synapse could see: its pre- and postsynaptic quantities over time. With free
state -, taught state + and the batch average < >:

    Gradient              <a_l r_{l-1}^T>                        what backprop transports
    ErrorBased            <(phi(v_l+) - phi(b_l+)) r_{l-1}+^T>    soma against basal drive
    Contrastive           <r_l+ r_{l-1}+^T - r_l- r_{l-1}-^T>     two phases compared
    DifferentialHebbian   <sum_t (r_l[t+1] - r_l[t]) r_{l-1}[t]^T>    rate change times pre
    STDP                  <sum over spike pairs of the window>    spikes with these rates
    Hebbian               <mean_t r_l[t] r_{l-1}[t]^T>            the control that must fail

and ``Frozen(rule, layers)``, which leaves layers as they are.

Updates are *added* to the weights. A bias is a weight from a presynaptic rate of 1.
"""

from .base import Rule, Updates, merged, outer
from .contrastive import Contrastive
from .differential import DifferentialHebbian
from .error_based import ErrorBased
from .frozen import Frozen
from .gradient import Gradient
from .hebbian import Hebbian
from .stdp import STDP

__all__ = [
    "STDP",
    "Contrastive",
    "DifferentialHebbian",
    "ErrorBased",
    "Frozen",
    "Gradient",
    "Hebbian",
    "Rule",
    "Updates",
    "merged",
    "outer",
]
