"""Packages that a world needs and that must not be installed: fetched with apt and unpacked below build/lab, once."""
import fcntl
import os
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "build" / "lab"
NEEDED = {"resolved": "systemd-resolved"}  # kind of component: package


def place(package: str) -> Path:
    return FOLDER / package


def fetch(package: str) -> str:
    """Nothing if it is there now, else why it is not."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{package}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place(package).exists():
            return ""
        got = subprocess.run(["apt-get", "download", package], cwd=FOLDER, capture_output=True, text=True)
        files = sorted(FOLDER.glob(f"{package}_*.deb"))
        if got.returncode or not files:
            return f"{package} cannot be fetched: {got.stderr.strip()[-200:]}"
        half = FOLDER / f"{package}.half"
        subprocess.run(["dpkg", "-x", files[-1], half], check=True)
        os.rename(half, place(package))
        return ""
