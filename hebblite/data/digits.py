"""The packaged digits: the first 10,000 training and 2,000 test images of MNIST.

Credit and licence stand in NOTICE.md beside the file; ``make_subset.py`` made it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from ..errors import (
    ArgumentError,
    DataError,
    check_count,
    check_dtype,
    check_labels,
    check_number,
)

Array = np.ndarray

SUBSET = "mnist_subset.npz"
#: Of the four uint8 arrays, in the order of the fields of ``Digits``.
SUBSET_SHA256 = "1e69420d546ce587b9fb07b6d2eafc89ce39cc8c539be4352f4e4eb1fafe84a4"


class Digits(NamedTuple):
    """Images as rates in [0, 1], float32 (N, 784), row by row; labels 0..9, int64 (N,)."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


def fingerprint(arrays: list[Array]) -> str:
    """sha256 over the bytes of the arrays, one after the other."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def as_digits(x_train: Array, y_train: Array, x_test: Array, y_test: Array) -> Digits:
    """uint8 images (N, 28, 28) and labels as the engine wants them."""

    def rates(images: Array) -> Array:
        x = images.reshape(len(images), -1).astype(np.float32)
        x /= 255  # in place: the full set takes 188 MB
        return x

    return Digits(rates(x_train), y_train.astype(np.int64), rates(x_test), y_test.astype(np.int64))


def load_digits() -> Digits:
    """The packaged 10,000 training and 2,000 test digits. DataError if the file is damaged."""
    try:
        raw = resources.files(__package__).joinpath(SUBSET).read_bytes()
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            arrays = [file[name] for name in Digits._fields]
    except OSError as error:
        raise DataError(f"{SUBSET}: cannot be read ({error}); reinstall hebblite") from error
    except Exception as error:  # zip, zlib and NumPy each have their own for a damaged file
        raise DataError(f"{SUBSET}: is damaged ({error}); reinstall hebblite") from error
    if fingerprint(arrays) != SUBSET_SHA256:
        raise DataError(f"{SUBSET}: does not match its checksum; reinstall hebblite")
    return as_digits(*arrays)


class Drawn(NamedTuple):
    """Digits to learn from, x (N, 784), labels (N,) and soft targets (N, 10); others to test."""

    x: Array
    labels: Array
    target: Array
    x_test: Array
    labels_test: Array


def draw_digits(
    digits: Digits, seed: int | Sequence[int], samples: int, tested: int, confidence: float
) -> Drawn:
    """``samples`` of the training digits, and ``tested`` of the others, by chance."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(digits.x_train))[:samples]
    test = rng.permutation(len(digits.x_test))[:tested]
    labels = digits.y_train[rows]
    target = one_hot(labels, 10, confidence)
    return Drawn(digits.x_train[rows], labels, target, digits.x_test[test], digits.y_test[test])


def one_hot(
    labels: Any, classes: int = 10, confidence: float = 1.0, dtype: Any = "float32"
) -> Array:
    """Targets (N, classes) from labels (N,): ``confidence`` for the class, and the others share
    the rest equally. The paper's soft targets have a confidence of 0.9.

    ArgumentError names the argument: labels that are not whole numbers from 0 to classes - 1 in
    one dimension, a confidence outside (1 / classes, 1], a dtype that is not floating."""
    classes = check_count("classes", classes, least=2)
    confidence = check_number("confidence", confidence, above=1 / classes, most=1)
    floating = "a floating type, such as 'float32'"
    if check_dtype("dtype", dtype, floating).kind != "f":  # integers cut 0.9 down to 0
        raise ArgumentError("dtype", repr(dtype), floating)
    labels = check_labels(labels, None, classes)
    targets = np.full((len(labels), classes), (1 - confidence) / (classes - 1), dtype)
    targets[np.arange(len(labels)), labels] = confidence
    return targets
