"""The unit and property tests on other Pythons, and one training that must come out equal on all.

    python tests/pythons.py                      on the Pythons of DEFAULT, which share the variants
                                                 of parametrised tests
    python tests/pythons.py 3.13 3.12:lowest     on these, all of them
    python tests/pythons.py /opt/py/bin/python3  on that one

NAME:lowest takes the lowest versions that pyproject allows (binder/lowest.txt) in place of the
pinned ones. A Python that is not on PATH is unpacked beside the system's, on Debian, from packages
of a newer suite: the mirror is the machine's own, and nothing is installed. Where that cannot be,
it says so and goes on. Everything is kept in .pythons/ and used again.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".pythons"
DEBIAN = PLACE / "debian"
#: The oldest Python that pyproject allows, with the lowest versions, and the newest that most have.
#: Others, such as 3.15, by hand: each takes as long as all unit tests do.
DEFAULT = ("3.11:lowest", "3.14")
SUITES = ("testing", "unstable")
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
TESTS = ("-q", "--disable-warnings", "-p", "no:cacheprovider",
         "-m", "not (browser or binder or grading or claims or slips or long)",
         "--hypothesis-profile=few", "tests")  # fmt: skip
ONE_AT_A_TIME = threading.Lock()  # as apt works
#: Weights of two NumPys differ by rounding, and training carries that on.
ROUNDING = 1e-9

TRAINING = """
import sys
import numpy as np
from hebblite import Adam, Network, fit
from hebblite.data import load_digits
from hebblite.frameworks import DeepFeedbackControl
from hebblite.rules import DifferentialHebbian

digits = load_digits()
net = Network([784, 64, 32, 10], dtype=sys.argv[2], seed=1)
fit(net, DeepFeedbackControl(), DifferentialHebbian(), digits.x_train[:3000],
    digits.y_train[:3000], epochs=1, batch_size=64, optimizer=Adam(3e-3), progress=False)
correct = (net.predict(digits.x_test).argmax(1) == digits.y_test).mean()
np.savez(sys.argv[1], *net.weights, *net.biases, correct=correct)
print(np.__version__)
"""


class NotHad(Exception):
    """A Python that this machine cannot have: the message says why."""


def said(*command: str | Path, **options) -> str:
    """What a command prints; RuntimeError with the end of what it said where it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(
            f"{shlex.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}"
        )
    return done.stdout


# Finding an interpreter, or unpacking one


def version_of(python: str | Path) -> str | None:
    """Such as "3.14", if that program is a Python that starts; a stand-in may not."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return said(python, "-c", code).strip()
    except (RuntimeError, OSError):
        return None


def on_path(version: str) -> Path | None:
    """A Python of that version that is here and can make environments."""
    names = [f"python{version}", "python3", "python"]
    folders = os.environ.get("PATH", "").split(os.pathsep)
    found = [shutil.which(n, path=folder) for n in names for folder in folders]
    for path in [sys._base_executable, *filter(None, found)]:
        if version_of(path) == version:
            try:
                said(path, "-c", "import venv, ensurepip")
                return Path(path)
            except RuntimeError:
                continue
    return None


def mirrors(text: str) -> Iterator[str]:
    """Addresses of package archives in the text of apt's sources, in both of their formats."""
    for line in text.splitlines():
        if match := re.match(r"\s*deb\s+(?:\[.*?\]\s+)?(\S+)\s+\S+", line):
            yield match[1]
        elif match := re.match(r"\s*URIs:\s*(.+)", line):
            yield from match[1].split()


def apt(*command: str) -> str:
    """apt with lists, cache and state of its own: the system's are neither read nor changed.
    NotHad with apt's reason where it fails."""
    settings = {
        "Dir::State": DEBIAN / "state",
        "Dir::State::status": DEBIAN / "status",  # empty: whatever is needed is fetched
        "Dir::Cache": DEBIAN / "cache",
        "Dir::Etc::sourcelist": DEBIAN / "sources.list",
        "Dir::Etc::sourceparts": DEBIAN / "none",
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
    }
    if os.geteuid() == 0:
        settings["APT::Sandbox::User"] = "root"  # another user may not reach this folder
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    words = ["apt-get", "-q", *options, *command]
    try:
        return said(*words, env=environment, stdin=subprocess.DEVNULL)
    except RuntimeError as error:
        reasons = [line for line in str(error).splitlines() if line.startswith("E: ")]
        raise NotHad("; ".join(reasons[:2]) or str(error)) from error


@functools.cache
def listed() -> None:
    """Lists of what newer Debian suites have, from the first mirror of this machine with them."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise NotHad("there is no apt-get to fetch it with")
    for folder in ("state/lists/partial", "cache/archives/partial", "none"):
        (DEBIAN / folder).mkdir(parents=True, exist_ok=True)
    (DEBIAN / "status").touch()
    etc = Path("/etc/apt")
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*.*"))]
    text = "\n".join(
        f.read_text() for f in files if f.suffix in (".list", ".sources") and f.is_file()
    )
    signed = f"[signed-by={KEYS}] " if KEYS.exists() else ""
    why = "apt knows no mirror"
    for mirror in dict.fromkeys(mirrors(text)):
        lines = [f"deb {signed}{mirror} {suite} main\n" for suite in SUITES]
        (DEBIAN / "sources.list").write_text("".join(lines))
        try:
            apt("update", "-o", "APT::Update::Error-Mode=any")
            return
        except NotHad as error:
            why = str(error)
    raise NotHad(f"no mirror of this machine's apt has newer suites ({why})")


def unpacked(version: str) -> Path:
    """That Python from Debian's packages, with its libraries and C library, in a folder."""
    root = DEBIAN / version
    python = root / "usr" / "bin" / f"python{version}"
    if version_of(python) == version:
        return python
    shutil.rmtree(root, ignore_errors=True)
    (root / "partial").mkdir(parents=True)
    listed()
    apt("install", "-y", "--download-only", "-o", f"Dir::Cache::archives={root}",
        f"python{version}", f"python{version}-venv")  # fmt: skip
    for package in root.glob("*.deb"):
        said("dpkg", "-x", package, root)
        package.unlink()
    start_with_own_libraries(python, root)
    if version_of(python) != version:
        raise NotHad(f"{python} does not start")
    return python


def start_with_own_libraries(python: Path, root: Path) -> None:
    """The program goes beside; in its place comes a script that starts it with the libraries
    around it, as those of the system may be too old for it. It keeps its name: Python finds its
    folders, and those of an environment, from that."""
    program = python.with_name(python.name + ".program")
    python.replace(program)
    loader = next(root.rglob("ld-linux*.so.*"))
    libraries = {str(path.parent) for path in root.rglob("libc.so.6")}
    words = [str(loader), "--library-path", ":".join(sorted(libraries)), "--argv0"]
    python.write_text(
        f'#!/bin/sh\nexec {shlex.join(words)} "$0" {shlex.quote(str(program))} "$@"\n'
    )
    python.chmod(0o755)


# One run


@dataclass
class Run:
    """The tests on one Python, with the packages that a list pins."""

    name: str  #: such as 3.14, 3.11:lowest or the path of a Python
    python: Path  #: of its environment
    log: Path
    share: str = "1/1"  #: of the variants of parametrised tests: conftest.py

    def environment(self) -> dict[str, str]:
        """Neither its own packages nor its number of threads come from the caller."""
        kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "VIRTUAL_ENV")}
        return kept | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}

    def test(self) -> int:
        """Run the tests into the log; the exit code of pytest."""
        with self.log.open("w") as log:
            return subprocess.run(
                [self.python, "-m", "pytest", *TESTS, f"--share={self.share}"],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=subprocess.STDOUT,
            ).returncode  # fmt: skip

    def train(self, dtype: str, packages: Path | None = None) -> tuple[str, dict[str, np.ndarray]]:
        """NumPy's version, and the weights after DFC x DH on the packaged digits."""
        file = self.log.with_suffix(f".{dtype}.npz")
        environment = self.environment()
        if packages:
            environment["PYTHONPATH"] += os.pathsep + str(packages)
        numpy = said(self.python, "-c", TRAINING, file, dtype, env=environment, cwd=ROOT).strip()
        with np.load(file) as arrays:
            return numpy, dict(arrays)


def prepare(spec: str) -> Run:
    """An environment of its own for that Python. NotHad if there is no such Python here."""
    name, _, lowest = spec.partition(":")
    if re.fullmatch(r"3\.\d+", name):
        with ONE_AT_A_TIME:
            python = on_path(name) or unpacked(name)
    elif version_of(name):
        python = Path(name).absolute()
    else:
        raise NotHad("it does not start")
    pins = ROOT / "binder" / ("lowest.txt" if lowest else "constraints.txt")
    place = PLACE / re.sub(r"[^\w.]+", "-", spec).strip("-")
    stamp = place / "installed"
    made_of = said(python, "-VV") + (ROOT / "pyproject.toml").read_text() + pins.read_text()
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    inside = place / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(place, ignore_errors=True)
        install(python, place, pins)
        stamp.write_text(digest)
    return Run(spec, inside, place.with_suffix(place.suffix + ".log"))


def install(python: Path, place: Path, pins: Path) -> None:
    """A new environment with what the tests need. hebblite itself stays where it is."""
    inside = place / "bin" / "python"
    ours = ["install", "--quiet", "--no-compile", "-c", pins, "-e", f"{ROOT}[test]"]
    wheels = python.parent.parent / "share" / "python-wheels"
    if DEBIAN in python.parents:  # Debian's venv looks for pip where nothing was installed
        said(python, "-m", "venv", "--without-pip", place)
        said(inside, next(wheels.glob("pip-*.whl")) / "pip", *ours, "pip")
    else:
        said(python, "-m", "venv", place)
        said(inside, "-m", "pip", *ours)


# All of them


def compare(runs: list[Run]) -> Iterator[str]:
    """Train on each and compare with the first: the same bits with the same NumPy, else the same
    weights up to rounding. Yields what was found; raises AssertionError where they differ."""
    reference = runs[0]
    numpy, exact = reference.train("float32")
    yield f"{reference.name}: NumPy {numpy}, {float(exact['correct']):.2%} correct"
    _, precise = reference.train("float64")
    for run in runs[1:]:
        packages = PLACE / f"numpy-{numpy}" / run.python.parent.parent.name
        if not packages.exists():
            command = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:",
                       "--target", packages, f"numpy=={numpy}"]  # fmt: skip
            try:
                said(run.python, *command)
            except RuntimeError:
                packages = None
        if packages:
            _, found = run.train("float32", packages)
            equal = all(np.array_equal(found[k], v) for k, v in exact.items())
            assert equal, f"{run.name}: other weights than {reference.name} with NumPy {numpy}"
            yield f"{run.name}: NumPy {numpy}, the same bits"
        other, found = run.train("float64")
        far = max(np.abs(found[k] - v).max() / np.abs(v).max() for k, v in precise.items())
        assert far < ROUNDING, f"{run.name}, NumPy {other}: weights differ by {far:.1e}"
        yield f"{run.name}: NumPy {other}, float64 weights differ by {far:.1e} of the largest"


def report(run: Run, code: int) -> None:
    """Where tests failed everything from the first failure on, and always what pytest counted."""
    lines = run.log.read_text(errors="replace").splitlines() or ["nothing"]
    if code:
        first = re.compile("=+ (FAIL|ERR)|INTERNALERROR")
        start = (i for i, line in enumerate(lines) if first.match(line))
        print("\n".join(lines[next(start, 0) :]))
    counted = [line for line in lines if re.match(r"\d+ (passed|failed|error)", line)]
    print(f"Python {run.name}: {(counted or lines)[-1]}  (the whole of it: {run.log})", flush=True)


def main(specs: list[str]) -> int:
    """Prepare, train and test, as many at once as there are cores: 1 if anything failed. A Python
    that cannot be had fails nothing, as it may be the network's fault; whatever does not install
    or pass on one that is here does."""
    PLACE.mkdir(exist_ok=True)
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    runs, failed = [], []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        prepared = {spec: pool.submit(prepare, spec) for spec in specs or DEFAULT}
        for spec, future in prepared.items():
            try:
                runs.append(future.result())
            except NotHad as error:
                print(f"Python {spec} cannot be had, and was not tried: {error}", flush=True)
            except RuntimeError as error:
                print(f"Python {spec}: its packages cannot be installed:\n{error}", flush=True)
                failed.append(spec)
        if not specs:  # this Python runs them all; of the others each takes a share
            for i, run in enumerate(runs):
                run.share = f"{i + 1}/{len(runs)}"
        here = Run("this Python", Path(sys.executable), PLACE / "here.log")
        print("DFC x DH, trained on the digits:", flush=True)
        try:
            for line in compare([here, *runs]):
                print(" ", line, flush=True)
        except (AssertionError, RuntimeError) as error:
            print(error)
            failed.append("training")
        for run, code in zip(runs, pool.map(lambda run: run.test(), runs), strict=True):
            report(run, code)
            if code:
                failed.append(run.name)
    if failed:
        print("Failed:", ", ".join(failed))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
