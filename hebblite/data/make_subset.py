"""Make the packaged digits from the official files: python -m hebblite.data.make_subset FOLDER"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from .digits import SUBSET, Digits, fingerprint
from .idx import OFFICIAL, find, read_idx

TRAIN, TEST = 10_000, 2_000


def main(folder: str) -> None:
    """Write mnist_subset.npz beside this file; the same bytes every time."""
    counts = (TRAIN, TRAIN, TEST, TEST)
    arrays = [
        read_idx(find(Path(folder), name))[:count]
        for name, count in zip(OFFICIAL, counts, strict=True)
    ]
    target = Path(__file__).with_name(SUBSET)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in zip(Digits._fields, arrays, strict=True):
            buffer = io.BytesIO()
            np.save(buffer, array)
            # ZipInfo's own date is fixed: the file does not depend on the day it is made.
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED, 9
            )
    print(
        f"{target.name}: {target.stat().st_size} bytes, sha256 of its arrays {fingerprint(arrays)}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
