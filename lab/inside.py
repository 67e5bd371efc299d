"""Runs one scenario, inside the namespaces that lab/run made for it: builds the world, proves it, runs the program.

Usage: inside.py NAME DIRECTORY CERTIFICATES FAULTD [BINARY]; writes DIRECTORY/result.json. No BINARY: proofs only.
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import furniture
import repair
import scenario
import worlds
from certificates import Certificates
from network import CLIENT4, CLIENT6, Network
from world import Broken, World

GRACE = 15            # seconds beyond its budget after which the program is stopped
VISITOR = {CLIENT4, CLIENT6, "192.0.2.130"}
CHECK_HOST = "check.example"


def main(name: str, directory: str, certificates: str, faultd: str, binary: str | None = None) -> None:
    row = next(s for s in scenario.load() if s.name == name)
    place = Path(directory)
    result = {}
    try:
        world = build(row, place, Certificates(Path(certificates)), Path(faultd))
        result["unproven"] = prove(world, row)
        if binary and not result["unproven"]:
            result.update(diagnose(world, row, binary))
            if row.fix and "report" in result:
                result.update(repair.repair(world, row, binary, visitor(world, row)))
    except (Broken, subprocess.SubprocessError, OSError) as failure:
        result["broken"] = str(failure)
    (place / "result.json").write_text(json.dumps(result))


def build(row: scenario.Scenario, directory: Path, certificates: Certificates, faultd: Path) -> World:
    network = Network()
    network.connect(**row.client)
    world = World(directory, network, certificates, faultd)
    for address in row.addresses:
        network.hold(address)
    furniture.arrange(world, row)
    for spec in row.world:
        worlds.start(world, spec)
    world.check_alive()
    return world


def visitor(world: World, row: scenario.Scenario) -> dict[str, str]:
    """The environment on the visitor's machine: nothing of this machine's own settings."""
    home = world.directory / "home"
    home.mkdir(exist_ok=True)
    own = {"PATH": ":".join([*world.path, os.environ["PATH"]]), "HOME": str(home), "LANG": "C.UTF-8", "SSL_CERT_FILE": str(world.certificates.trust)}
    return own | {key: world.fill(value) for key, value in row.env.items()}


def prove(world: World, row: scenario.Scenario) -> list[str]:
    """What the world does not do although the row says so."""
    return [wrong for proof in row.proof if (wrong := world.unproven(proof, visitor(world, row)))]


def diagnose(world: World, row: scenario.Scenario, binary: str) -> dict:
    run = world.directory / "run.json"
    command = [*world.network.enter, binary, *(world.fill(a) for a in furniture.arguments(row)), "--record", str(run),
               world.fill(row.url)]
    logged = served(world)
    started = time.monotonic()
    try:
        done = subprocess.run(command, env=visitor(world, row), capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=row.budget + GRACE)
    except subprocess.TimeoutExpired:
        return {"seconds": time.monotonic() - started, "wrong": f"did not end within {row.budget + GRACE:g} s"}
    result = {"seconds": time.monotonic() - started, "status": done.returncode, "command": " ".join(command[3:])[:600]}
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", done.stdout + done.stderr):
        result["wrong"] = "control characters in the output"
    try:
        result["report"] = json.loads(done.stdout)
    except ValueError:
        result["wrong"] = f"no report; status {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
    result["served"] = served(world) - logged
    if "report" in result:
        again = subprocess.run([binary, "explain", str(run), "--json"], capture_output=True, stdin=subprocess.DEVNULL, timeout=GRACE)
        result["again"] = json.loads(again.stdout)["verdict"] == result["report"]["verdict"] if again.stdout else False
    return result


def served(world: World) -> int:
    """The visitor's own requests for the site in the fault servers' logs; what gateways ask behind is not the visitor's."""
    count = 0
    for log in world.directory.glob("*.requests.jsonl"):
        for line in log.read_text(errors="replace").splitlines():
            entry = json.loads(line)
            visitor = entry.get("remote", "").rpartition(":")[0].strip("[]") in VISITOR
            count += entry.get("event") == "http" and visitor and CHECK_HOST not in json.dumps(entry.get("headers", []))
    return count


if __name__ == "__main__":
    main(*sys.argv[1:])
