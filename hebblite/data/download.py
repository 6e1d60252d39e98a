"""Fetch the full MNIST, for people who are online and want it. Nothing in the course needs it."""

from __future__ import annotations

from pathlib import Path

from .digits import Digits
from .idx import OFFICIAL, load_mnist

#: A mirror kept by the PyTorch project.
MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"

#: sha256 of the packed files as the mirror serves them.
PACKED = {
    "train-images-idx3-ubyte": "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
    "train-labels-idx1-ubyte": "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
    "t10k-images-idx3-ubyte": "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
    "t10k-labels-idx1-ubyte": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
}


def download_mnist(
    folder: str | Path, base_url: str = MIRROR, known: dict[str, str] | None = None
) -> Digits:
    """Download the four files into ``folder``, with progress and a hash check, and load them.

    Files that are there and right are not fetched again. Needs ``pip install "hebblite[data]"``.
    known: sha256 of the packed files by name, if ``base_url`` serves other ones.
    """
    try:
        import pooch
    except ImportError as error:
        raise ImportError(
            'download_mnist needs pooch: pip install "hebblite[data]"; '
            "load_mnist(folder) reads files you already have"
        ) from error
    hashes = PACKED if known is None else known
    for name in OFFICIAL:
        pooch.retrieve(
            base_url.rstrip("/") + f"/{name}.gz",
            known_hash=f"sha256:{hashes[name]}",
            fname=f"{name}.gz",
            path=folder,
            progressbar=True,
        )
    return load_mnist(folder, verify=known is None)
