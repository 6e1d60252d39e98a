"""Make the packaged digits from the official files: python -m hebblite.data.make_subset FOLDER"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np

from .digits import SUBSET, Digits, fingerprint
from .idx import OFFICIAL, read_official

TRAIN, TEST = 10_000, 2_000


def main(folder: str | Path, target: str | Path | None = None) -> None:
    """Write mnist_subset.npz beside this file, or ``target``; the same bytes every time.

    DataError if the files in ``folder`` are not the official ones.
    """
    counts = (TRAIN, TRAIN, TEST, TEST)
    arrays = [
        read_official(Path(folder), name)[:count]
        for name, count in zip(OFFICIAL, counts, strict=True)
    ]
    target = Path(target or Path(__file__).with_name(SUBSET))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in zip(Digits._fields, arrays, strict=True):
            buffer = io.BytesIO()
            np.save(buffer, array)
            # ZipInfo's own date is fixed: the file does not depend on the day it is made,
            info = zipfile.ZipInfo(f"{name}.npy")
            info.create_system = 3  # nor on the operating system.
            archive.writestr(info, buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)
    print(
        f"{target.name}: {target.stat().st_size} bytes, sha256 of its arrays {fingerprint(arrays)}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the packaged digits anew.")
    parser.add_argument("folder", help="of the four official IDX files of MNIST")
    main(parser.parse_args().folder)
