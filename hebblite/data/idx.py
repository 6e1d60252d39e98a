"""IDX, the file format of MNIST: a magic number, the sizes, the bytes. All of it is checked.

bytes 0-1: 0    byte 2: 8 (unsigned byte)    byte 3: number of dimensions d
then d sizes as big-endian 32-bit numbers, then the product of the sizes in bytes
"""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from ..errors import DataError
from .digits import Digits, as_digits

#: Of the official files, uncompressed: name, dimensions, sha256.
OFFICIAL = {
    "train-images-idx3-ubyte": (
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "train-labels-idx1-ubyte": (
        (60000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "t10k-images-idx3-ubyte": (
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "t10k-labels-idx1-ubyte": (
        (10000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}


def read_bytes(path: Path) -> bytes:
    """The file's content, unpacked if its name ends in .gz. DataError if it is cut off."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: is truncated or damaged ({error})") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from error


def parse(raw: bytes, path: Path) -> np.ndarray:
    """The array in the bytes of an IDX file. Nothing is allocated that the file does not hold."""
    if len(raw) < 4 or raw[:3] != b"\x00\x00\x08" or not 1 <= raw[3] <= 8:
        raise DataError(
            f"{path}: got the magic number {raw[:4].hex() or 'of an empty file'}, "
            "expected 000008 and the number of dimensions: not an IDX file of bytes"
        )
    start = 4 + 4 * raw[3]
    if len(raw) < start:
        raise DataError(f"{path}: is truncated: it ends within its header")
    shape = struct.unpack(f">{raw[3]}I", raw[4:start])
    size = math.prod(shape)
    if size == 0:  # nothing to learn from; and NumPy cannot make every such shape
        raise DataError(f"{path}: got shape {shape}, expected at least one byte of data")
    if len(raw) - start != size:
        raise DataError(
            f"{path}: got {len(raw) - start} bytes of data, expected {size} for shape {shape}"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def read_idx(path: str | Path) -> np.ndarray:
    """The uint8 array in one IDX file, plain or .gz; read-only: a view of the file's bytes.

    DataError, naming the file, if it is missing, truncated, has bytes to spare or is not IDX.
    """
    path = Path(path)
    return parse(read_bytes(path), path)


def find(folder: Path, name: str) -> Path:
    """The file ``name`` in ``folder``: with a dash or a dot before idx, packed or not."""
    names = [n + end for n in (name, name.replace("-idx", ".idx")) for end in ("", ".gz")]
    for candidate in names:
        if (folder / candidate).is_file():
            return folder / candidate
    raise DataError(f"{folder}: has none of the files {', '.join(names)}")


def read_official(folder: Path, name: str, verify: bool = True) -> np.ndarray:
    """The array in the file ``name`` of MNIST; with ``verify``, only if it is the official one."""
    shape, checksum = OFFICIAL[name]
    path = find(folder, name)
    raw = read_bytes(path)
    array = parse(raw, path)
    if array.ndim != len(shape):
        raise DataError(f"{path}: got {array.ndim} dimensions, expected {len(shape)}")
    if verify and array.shape != shape:
        raise DataError(f"{path}: got shape {array.shape}, expected {shape}")
    if verify and hashlib.sha256(raw).hexdigest() != checksum:
        raise DataError(f"{path}: does not match the checksum of the official file")
    return array


def load_mnist(folder: str | Path, verify: bool = True) -> Digits:
    """The four IDX files of MNIST in ``folder``: 60,000 training and 10,000 test digits.

    Magic numbers and sizes are always checked. verify: also check counts and sha256 sums against
    the official files; switch it off for files of your own in the same format. DataError names
    the file that is missing, truncated or different.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: is not a folder")
    x_train, y_train, x_test, y_test = (read_official(folder, name, verify) for name in OFFICIAL)
    for images, labels, which in ((x_train, y_train, "train"), (x_test, y_test, "t10k")):
        if len(images) != len(labels):
            raise DataError(f"{folder}: {len(images)} {which} images, but {len(labels)} labels")
    if x_train.shape[1:] != x_test.shape[1:]:
        sizes = f"train images of {x_train.shape[1:]}, but t10k images of {x_test.shape[1:]}"
        raise DataError(f"{folder}: {sizes} pixels")
    return as_digits(x_train, y_train, x_test, y_test)
