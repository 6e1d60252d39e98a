"""What lesson 13 claims, measured on a seed: of random networks, roles and inputs."""

from . import experiment, starts

__all__ = ["experiment", "starts"]
