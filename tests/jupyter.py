"""A real JupyterLab for tests: fresh configuration, loopback only, ended at the end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def lab(
    python: Path, folder: Path, scratch: Path, package: Path | None = None, **popen
) -> Iterator[str]:
    """JupyterLab of the environment of ``python`` on ``folder``; its address. package: a checkout
    whose hebblite the kernels shall use, whatever that environment has."""
    port = free_port()
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
             "JUPYTERLAB_SETTINGS_DIR", "HEBBLITE_HOME")  # fmt: skip
    home = {name: str(scratch / name) for name in names}
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTHON"))}
    if package is not None:
        home["PYTHONPATH"] = str(package)
    with (scratch / "server.log").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1",
             "--IdentityProvider.token=", "--ServerApp.password=", "--allow-root",
             "--LabApp.news_url=None",
             "--LabApp.expose_app_in_browser=True",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            cwd=folder, env={**env, **home}, stdout=log, stderr=log, **popen,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url + "/api", server, scratch / "server.log")
            yield url
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_for(url: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if urllib.request.urlopen(url, timeout=5).status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not answer:\n{log.read_text()[-3000:]}")
