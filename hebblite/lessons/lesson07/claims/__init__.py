"""What lesson 07 claims, measured on a seed: of networks, digits and targets."""

from . import chain, loop, speeds

__all__ = ["chain", "loop", "speeds"]
