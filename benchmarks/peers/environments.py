"""Environments that are made for a tool and thrown away."""

import os
import subprocess
import sys
from pathlib import Path

from ..real_networks import ROOT, package_index
from .peers import Peer

UV = str(ROOT / ".tools" / "bin" / "uv")
TIME_TO_INSTALL = 300  # seconds


class InstallError(Exception):
    """A tool could not be installed; the message is the installer's own last word."""


def environment_of(peer: Peer, folder: Path) -> Path:
    """The Python of a new environment in `folder` that holds the tool."""
    python = empty(folder)
    build = dict(peer.building) | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    if peer.first:
        install(python, *peer.first)
    install(python, *peer.packages, settings=build)
    return python


def environment_of_ecumene(folder: Path) -> Path:
    """The same with Ecumene in it, from this repository and its lock."""
    python = empty(folder)
    lock = ROOT / "requirements" / "core.lock"
    install(python, "--require-hashes", "-r", str(lock))
    install(python, "--no-deps", "--no-build-isolation", "--no-cache", str(ROOT))
    return python


def empty(folder: Path) -> Path:
    asked = [UV, "venv", "-q", "--no-project", "--python", sys.executable, str(folder)]
    subprocess.run(asked, check=True, env=clean())
    return folder / "bin" / "python"


def install(python: Path, *what: str, settings: dict[str, str] | None = None) -> None:
    asked = [UV, "pip", "install", "-q", "--python", str(python), *what]
    done = subprocess.run(
        asked,
        capture_output=True,
        text=True,
        env=clean() | package_index() | (settings or {}),
        timeout=TIME_TO_INSTALL,
        check=False,
    )
    if done.returncode:
        raise InstallError(last_word(done.stderr))


def last_word(said: str) -> str:
    """The line of an installer's error that says most, without paths of this machine."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower()] or lines or ["no message"]
    return " ".join(word for word in telling[0].split() if "/" not in word)[:200]


def clean() -> dict[str, str]:
    """The surroundings without what belongs to the environment that runs the comparison."""
    theirs = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in theirs}


def version(python: Path, package: str) -> str:
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    said = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=True)
    return said.stdout.strip()
