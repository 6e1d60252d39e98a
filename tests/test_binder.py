"""What Binder does, without Docker: an environment from binder/ alone, an unprivileged user, the
build script, a server, and lesson 00 run to its end."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT, skip_or_fail
from jupyter import lab

pytestmark = pytest.mark.binder


@pytest.fixture
def place():
    """A folder that an unprivileged user can reach (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="binder-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_binder(place):
    runtime = (ROOT / "binder" / "runtime.txt").read_text().strip()
    major, minor = map(int, re.fullmatch(r"python-(\d+)\.(\d+)", runtime).groups())
    assert (major, minor) >= (3, 11)
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)

    # The repository as a fresh clone has it.
    tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    repo = place / "repo"
    for name in filter(None, tracked):
        if (ROOT / name).exists():
            (repo / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, repo / name)

    user = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for path in [place, *place.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "VIRTUAL"))}
    env |= {"HOME": str(place), "PATH": f"{place / 'env' / 'bin'}:{env['PATH']}"}

    def run(*command, cwd=repo):
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, **user)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]

    candidates = [f"/usr/bin/python{major}.{minor}", sys._base_executable]
    usable = [path for path in candidates if shutil.which(path) and runs(path, env, user)]
    if not usable:
        skip_or_fail(f"no Python that an unprivileged user can run, of {candidates}")
    base = usable[0]
    run(base, "-m", "venv", str(place / "env"), cwd=place)
    python = place / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-r", "binder/requirements.txt")
    run(repo / "binder" / "postBuild")
    run(python, "-c", "import hebblite, sys; assert 'repo' not in hebblite.__file__", cwd=place)

    scratch = place / "scratch"
    scratch.mkdir(mode=0o777)
    scratch.chmod(0o777)
    with lab(python, repo, scratch, **user) as url:
        answer = urllib.request.urlopen(f"{url}/lab/tree/course/00_start.ipynb", timeout=30)
        assert answer.status == 200
    run(python, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", str(place),
        "course/00_start.ipynb")  # fmt: skip
    assert (place / "00_start.ipynb").is_file()


def runs(python, env, user) -> bool:
    """Whether that interpreter starts for that user and can make environments."""
    try:
        command = [python, "-c", "import venv, ensurepip"]
        done = subprocess.run(command, env=env, cwd="/", capture_output=True, **user)
        return done.returncode == 0
    except OSError:
        return False
