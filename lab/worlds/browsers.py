"""The visitor's browsers trust the lab's certificates: {}. Chromium by the NSS store of its user, Firefox by a policy."""
import json
import subprocess

from world import Broken, World

# Debian's firefox-esr reads policies.json here; a mount of this scenario's own hides what stands there.
FIREFOX_POLICIES = "/usr/lib/firefox-esr/distribution"


def start(world: World, spec: dict) -> None:
    store = world.directory / "home/.pki/nssdb"
    store.mkdir(parents=True, exist_ok=True)
    _certutil("-N", "-d", f"sql:{store}", "--empty-password")
    _certutil("-A", "-d", f"sql:{store}", "-n", "lab", "-t", "C,,", "-i", str(world.certificates.trust))
    policies = {"policies": {"Certificates": {"Install": [str(world.certificates.trust)]}}}
    folder = world.file("firefox-policies/policies.json", json.dumps(policies)).parent
    subprocess.run(["mount", "--bind", folder, FIREFOX_POLICIES], check=True, timeout=10)


def _certutil(*arguments: str) -> None:
    done = subprocess.run(["certutil", *arguments], capture_output=True, text=True, timeout=20)
    if done.returncode:
        raise Broken(f"certutil {arguments[0]}: {done.stderr}")
