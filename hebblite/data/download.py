"""Fetch the full MNIST, for people who are online and want it. Nothing in the course needs it."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError
from .digits import Digits
from .idx import OFFICIAL, load_mnist, read_official

#: A mirror kept by the PyTorch project.
MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/"

#: sha256 of the packed files as first published, which the mirror serves. A copy packed anew has
#: other sums though its content is the same: idx.OFFICIAL has the sums of the content.
PACKED = {
    "train-images-idx3-ubyte": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}


def is_official(folder: Path, name: str) -> bool:
    """Whether ``folder`` already has the file, however it is packed."""
    try:
        read_official(folder, name)
    except DataError:
        return False
    return True


def download_mnist(
    folder: str | Path, base_url: str = MIRROR, known: dict[str, str] | None = None
) -> Digits:
    """Download the four files into ``folder``, with progress and a hash check, and load them.

    Files that are there and right are not fetched again. Needs ``pip install "hebblite[data]"``.
    known: sha256 of the packed files by name, if ``base_url`` serves other ones. DataError names
    the address that cannot be reached or serves something else.
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
        if known is None and is_official(Path(folder), name):
            continue
        url = base_url.rstrip("/") + f"/{name}.gz"
        try:
            pooch.retrieve(
                url,
                known_hash=f"sha256:{hashes[name]}",
                fname=f"{name}.gz",
                path=folder,
                progressbar=True,
            )
        except (OSError, ValueError) as error:  # no connection or disk; another hash
            raise DataError(f"{url}: cannot be downloaded to {folder} ({error})") from error
    return load_mnist(folder, verify=known is None)
