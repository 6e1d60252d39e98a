"""The file from which ``fit`` goes on as if it had never stopped, bit for bit."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .errors import CheckpointError
from .frameworks.base import Framework
from .history import History
from .network import Network, read_arrays, write_arrays
from .optim import Optimizer
from .rules import Rule

Array = np.ndarray


class Checkpoint:
    """All that the next batch depends on, in one file that is replaced as a whole: the network,
    what optimizer, framework and rule carry from batch to batch, the history; and, so that
    nothing else is taken for the same run, what the run was made with.

    run: the other settings of the run, by the words in which an error names them.
    """

    def __init__(
        self,
        path: str | Path,
        net: Network,
        optimizer: Optimizer,
        framework: Framework,
        rule: Rule,
        run: Mapping[str, Any],
    ) -> None:
        self.path, self.net = Path(path), net
        self.optimizer, self.framework, self.rule = optimizer, framework, rule
        self.run = dict(run)

    def made_with(self) -> dict[str, Any]:
        """Everything that must be the same in a run that goes on from this file, as JSON."""
        parts = {"optimizer": self.optimizer, "framework": self.framework, "rule": self.rule}
        made: dict[str, Any] = self.net.settings()
        made["seed of the network"] = made.pop("seed")
        made["optimizer, framework and rule"] = [type(part).__name__ for part in parts.values()]
        for owner, part in parts.items():
            made |= {f"{name} of the {owner}": value for name, value in settings(part).items()}
        return made | {name: as_json(value) for name, value in self.run.items()}

    def save(self, history: History) -> None:
        """Write the file. CheckpointError if it cannot be written: the one before stands."""
        optimizer_meta, optimizer_arrays = self.optimizer.state()
        framework_meta, framework_arrays = self.framework.state()
        meta = {
            "network": self.net.settings(),
            "made with": self.made_with(),
            "optimizer": optimizer_meta,
            "framework": framework_meta,
            "rule": self.rule.state(),
            "history": history.epochs,
            "position": [history.batch, history.sums],
        }
        arrays = self.net.arrays()
        arrays |= {f"optimizer.{name}": a for name, a in optimizer_arrays.items()}
        arrays |= {f"framework.{name}": a for name, a in framework_arrays.items()}
        write_arrays(self.path, meta, arrays)

    def restore(self) -> History:
        """Put the file's contents into network, optimizer, framework and rule; where training was.

        CheckpointError if the run it was made by is not this one, or it cannot be read."""
        meta, arrays = read_arrays(self.path)
        saved = Network.from_arrays(meta, arrays, self.path)
        try:
            self._compare(meta)
            batch, sums = meta["position"]
            history = History(list(meta["history"]), False, int(batch), dict(sums))
            for owner, name in ((self.optimizer, "optimizer."), (self.framework, "framework.")):
                mine = {k.removeprefix(name): a for k, a in arrays.items() if k.startswith(name)}
                owner.restore(meta[name[:-1]], mine)
            self.rule.restore(meta["rule"])
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"{self.path}: holds no complete checkpoint of fit ({error})"
            ) from None
        self.net.weights, self.net.biases = saved.weights, saved.biases
        return history

    def _compare(self, meta: dict[str, Any]) -> None:
        if "plan" in meta:
            raise CheckpointError(
                f"{self.path}: was written by a hebblite that did not note the settings and data of"
                " a run, so it cannot be told whether this is the same one. Network.load reads the"
                " network in it; train that with another checkpoint"
            )
        have, want = meta["made with"], self.made_with()
        other = [
            f"{name}: {json.dumps(have.get(name))}, where this run has {json.dumps(want.get(name))}"
            for name in (have | want)
            if json.dumps(have.get(name)) != json.dumps(want.get(name))
        ]
        if other:
            raise CheckpointError(f"{self.path}: was made with other {'; other '.join(other)}")


# ---------------------------------------------------------------------- what a run was made with


def settings(part: object) -> dict[str, Any]:
    """The settings of an object, as JSON: the arguments of its constructor, and of those of the
    classes it inherits from, that it keeps as attributes of the same name. A learner's own rule
    needs no more than to do so. What it keeps under another name is no setting."""
    names: dict[str, None] = {}
    for kind in reversed(type(part).__mro__):
        if "__init__" in vars(kind) and kind is not object:
            names |= dict.fromkeys(inspect.signature(kind.__init__).parameters)  # type: ignore[misc]
    known = vars(part) if hasattr(part, "__dict__") else {}
    return {name: as_json(known[name]) for name in names if name in known}


def as_json(value: Any) -> Any:
    """A setting as JSON that is the same in another process: plain values as they are, arrays as
    their digest, functions and classes by their name, other objects by their class and settings.
    (Two functions of one name are not told apart.)"""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return digest(value)
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, np.dtype | Path | complex | bytes | range):
        return str(value)
    if isinstance(value, np.ufunc):  # NumPy 1 gives it no other name
        return f"numpy.{value.__name__}"
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    own = settings(value)
    return {"kind": type(value).__name__, **own} if own else type(value).__name__


def digest(array: Array) -> str:
    """A few letters that tell an array from any other."""
    if array.dtype.hasobject:
        return f"{array.dtype} {array.shape}"
    raw = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    told = hashlib.blake2b(raw.data, digest_size=8).hexdigest()
    return f"{array.dtype} {array.shape} {told}"
