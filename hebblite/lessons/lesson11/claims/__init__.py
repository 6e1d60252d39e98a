"""What lesson 11 claims, measured on a seed: of networks, digits and spikes."""

from . import better, bias, kinds, learning, noise

__all__ = ["better", "bias", "kinds", "learning", "noise"]
