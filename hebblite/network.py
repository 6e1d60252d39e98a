"""The network: weights, biases and the feedforward pass. It knows no dynamics and no learning.

    v_l = W_l r_{l-1} + beta_l,    r_l = phi(v_l),    r_0 = x

Batch first: rates are (B, n_l), W_l is (n_l, n_{l-1}), so a batch of drives is r @ W.T. Python
lists count from 0: ``weights[l]`` is W_{l+1} and leads from ``rates[l]`` to ``rates[l+1]``.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .activations import ACTIVATIONS, Activation, softmax
from .errors import (
    ArgumentError,
    CheckpointError,
    check_array,
    check_batch,
    check_choice,
    check_count,
    check_dtype,
    check_labels,
    check_path,
    check_seed,
    check_target,
)
from .files import replacing
from .lanes import one_thread

Array = np.ndarray
Initialiser = Callable[[np.random.Generator, int, int], Array]

#: Weights (n_out, n_in) from a random generator. Xavier: Glorot & Bengio 2010; He: He et al. 2015.
INITIALISERS: dict[str, Initialiser] = {
    "xavier_normal": lambda rng, n, m: rng.normal(0, np.sqrt(2 / (n + m)), (n, m)),
    "xavier_uniform": lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / (n + m)),
    "he_normal": lambda rng, n, m: rng.normal(0, np.sqrt(2 / m), (n, m)),
    "he_uniform": lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / m),
    "zeros": lambda rng, n, m: np.zeros((n, m)),
}

OUTPUTS = ("softmax", "linear", "same")


class Network:
    """A feedforward hierarchy of L layers.

    sizes: (n_0, ..., n_L), at least an input and an output.
    hidden: activation of the hidden layers: tanh, sigmoid, relu or linear.
    output: ``linear``: the output rate is its voltage, and the loss is 1/2 |target - r_L|^2;
        ``same``: phi as in the hidden layers, with the same loss;
        ``softmax``: the output *rate* is its linear voltage; the softmax lives in the prediction
        and in the error, and the loss is the cross-entropy (the setting of Aceituno et al. 2023).
    init: a key of INITIALISERS. Biases start at 0.
    dtype: float32 for training, float64 for proofs. seed: of the initial weights.

    Whatever the output, ``target - predict(x)`` is minus the gradient of the loss with respect to
    the output rate r_L: this is the error that the frameworks feed back.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        hidden: str = "tanh",
        output: str = "softmax",
        init: str = "xavier_normal",
        dtype: Any = "float32",
        seed: int = 0,
    ) -> None:
        if isinstance(sizes, str | bytes) or not np.iterable(sizes) or len(list(sizes)) < 2:
            raise ArgumentError("sizes", repr(sizes), "at least two layer sizes, input first")
        self.sizes = tuple(check_count("sizes", n) for n in sizes)
        self.hidden = check_choice("hidden", hidden, ACTIVATIONS)
        self.output = check_choice("output", output, OUTPUTS)
        self.init = check_choice("init", init, INITIALISERS)
        self.dtype = _float_type(dtype)
        self.seed = check_seed("seed", seed)

        rng = np.random.default_rng(self.seed)
        draw = INITIALISERS[self.init]
        pairs = list(zip(self.sizes[1:], self.sizes[:-1], strict=True))
        self.weights = [draw(rng, n, m).astype(self.dtype) for n, m in pairs]
        self.biases = [np.zeros(n, self.dtype) for n, _ in pairs]

    @property
    def depth(self) -> int:
        """L, the number of layers with weights."""
        return len(self.weights)

    @property
    def activations(self) -> list[Activation]:
        """phi of layers 1..L."""
        last = self.hidden if self.output == "same" else "linear"
        return [ACTIVATIONS[self.hidden]] * (self.depth - 1) + [ACTIVATIONS[last]]

    # ------------------------------------------------------------------ the feedforward pass

    def feedforward(self, x: Any) -> tuple[list[Array], list[Array]]:
        """The free state for inputs x (B, n_0): voltages v_1..v_L and rates r_0..r_L."""
        rates = [check_batch("x", x, self.sizes[0], self.dtype)]
        voltages = []
        with one_thread():  # the same sums on any machine
            for W, beta, phi in zip(self.weights, self.biases, self.activations, strict=True):
                voltages.append(rates[-1] @ W.T)
                voltages[-1] += beta
                rates.append(phi.rate(voltages[-1]))
        return voltages, rates

    def readout(self, r: Array) -> Array:
        """The prediction made from output rates r (..., n_L): their softmax, or the rates."""
        return softmax(r) if self.output == "softmax" else r

    def predict(self, x: Any) -> Array:
        """Predictions (B, n_L) for inputs (B, n_0): class probabilities, or output rates."""
        return self.readout(self.feedforward(x)[1][-1])

    def loss(self, x: Any, target: Any) -> float:
        """Mean over the batch of the cross-entropy (softmax) or of 1/2 |target - r_L|^2.

        target: (B, n_L). The cross-entropy is taken from the voltages, so it never sees log(0).
        """
        r = self.feedforward(x)[1][-1]
        t = check_target(target, len(r), self.sizes[-1], self.dtype, self.output)
        return float(np.mean(self.losses(r, t)))

    def losses(self, r: Array, target: Array) -> Array:
        """The loss of each row, from output rates (B, n_L) and targets (B, n_L)."""
        if self.output == "softmax":
            shifted = r - r.max(axis=-1, keepdims=True)
            log_sum = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
            return np.asarray((target * (log_sum - shifted)).sum(axis=-1))
        return np.asarray(0.5 * ((target - r) ** 2).sum(axis=-1))

    def accuracy(self, x: Any, labels: Any) -> float:
        """Share of the inputs (B, n_0) whose largest output is the label (B,)."""
        prediction = self.feedforward(x)[1][-1]
        labels = check_labels(labels, len(prediction), self.sizes[-1])
        return float(np.mean(prediction.argmax(axis=1) == labels))

    # ------------------------------------------------------------------ copies and files

    def copy(self) -> Network:
        """A network of its own with the same settings, weights and biases."""
        return copy.deepcopy(self)

    def astype(self, dtype: Any) -> Network:
        """A network of its own with the same settings, whose weights and biases are float32 or
        float64. ArgumentError if one of them is too large for it."""
        made = copy.copy(self)
        made.dtype = _float_type(dtype)
        arrays = [array.copy() for array in made.arrays().values()]
        made.weights, made.biases = arrays[: made.depth], arrays[made.depth :]
        return made

    def arrays(self) -> dict[str, Array]:
        """Weights and biases by their names in a file, in the dtype of the network: copies of those
        that have another one.

        They can be assigned, so they are checked here: ArgumentError unless there is one of each
        for every layer, of its shape, and of real numbers that the dtype can hold. Numbers that are
        not finite stay as they are: one may want to look at what a network has become.
        """
        shapes: dict[str, list[tuple[int, ...]]] = {
            "weights": list(zip(self.sizes[1:], self.sizes[:-1], strict=True)),
            "biases": [(n,) for n in self.sizes[1:]],
        }
        arrays = {}
        for kind, wanted in shapes.items():
            have = getattr(self, kind)
            if not isinstance(have, Sequence) or len(have) != len(wanted):
                got = f"{len(have)} layers" if isinstance(have, Sequence) else type(have).__name__
                raise ArgumentError(f"net.{kind}", got, f"a list of {len(wanted)} arrays")
            for l, (value, shape) in enumerate(zip(have, wanted, strict=True)):
                arrays[f"{kind}{l}"] = _as_weights(f"net.{kind}[{l}]", value, shape, self.dtype)
        return arrays

    def settings(self) -> dict[str, Any]:
        """What ``Network(**settings)`` needs to make one of this shape."""
        return {
            "sizes": list(self.sizes),
            "hidden": check_choice("net.hidden", self.hidden, ACTIVATIONS),
            "output": check_choice("net.output", self.output, OUTPUTS),
            "init": self.init,
            "dtype": self.dtype.name,
            "seed": self.seed,
        }

    def save(self, path: str | Path) -> None:
        """Write settings, weights and biases to one .npz file, whole or not at all.

        ``load`` reads whatever this writes. Weights that were assigned are saved in the dtype of
        the network; ArgumentError, and no file, if they are not weights of this network."""
        write_arrays(path, {"network": self.settings()}, self.arrays())

    @classmethod
    def load(cls, path: str | Path) -> Network:
        """Read a network that ``save`` or a checkpoint of ``fit`` wrote."""
        meta, arrays = read_arrays(path)
        return cls.from_arrays(meta, arrays, path)

    @classmethod
    def from_arrays(
        cls, meta: dict[str, Any], arrays: dict[str, Array], path: str | Path
    ) -> Network:
        """The network in what ``read_arrays(path)`` returned."""
        try:
            net = cls(**meta["network"])
            net.weights = [arrays[f"weights{i}"] for i in range(net.depth)]
            net.biases = [arrays[f"biases{i}"] for i in range(net.depth)]
            checked = list(net.arrays().values())
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path}: holds no complete hebblite network ({error})") from None
        net.weights, net.biases = checked[: net.depth], checked[net.depth :]
        return net


def _float_type(dtype: Any) -> np.dtype[Any]:
    known = check_dtype("dtype", dtype, "float32 or float64")
    if dtype is None or known not in (np.float32, np.float64):
        raise ArgumentError("dtype", repr(dtype), "float32 or float64")
    return known


def _as_weights(name: str, value: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """``value`` as an array of this shape and dtype, copied only if it must be converted."""
    expected = f"real numbers of shape {shape} that {dtype} can hold"
    array = check_array(name, value, expected)
    if array.shape != shape or array.dtype.kind not in "fiub":
        raise ArgumentError(name, f"{array.dtype} of shape {array.shape}", expected)
    with np.errstate(over="ignore"):
        made = array.astype(dtype, copy=False)
    if made is not array and not (np.isfinite(made) | ~np.isfinite(array)).all():
        raise ArgumentError(name, f"{np.abs(array).max():g}", expected)
    return made


def write_arrays(path: str | Path, meta: dict[str, Any], arrays: dict[str, Array]) -> None:
    """One .npz file with ``arrays`` and, as JSON, ``meta``: written beside and moved into place,
    so that a crash or a full disk leaves the previous file as it was."""
    packed = {"meta": np.array(json.dumps(meta)), **arrays}
    with replacing(path) as file:
        np.savez(file, **packed)  # type: ignore[arg-type]


def read_arrays(path: str | Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """What ``write_arrays`` wrote. CheckpointError if missing, damaged or something else."""
    check_path("path", path)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read ({error.strerror or error})") from error
    except Exception as error:  # zip, zlib, JSON and NumPy each have their own for a damaged file
        raise CheckpointError(f"{path}: is damaged or not a hebblite file ({error})") from error
    return meta, arrays
