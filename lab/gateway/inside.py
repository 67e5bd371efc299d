"""Runs one scenario, inside the namespaces that `run` made for it: builds the world, proves it, runs the program.

Usage: inside.py NAME DIRECTORY CERTIFICATES FAULTD KEEP [BINARY [no-apply]]; writes DIRECTORY/result.json. No BINARY: proofs only.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent
sys.path.insert(1, str(LAB))

import machine
import measure
import mend
import rows
import upstreams
from certificates import Certificates
from gateways import GATEWAYS, Gateway
from world import Broken, World


def main(name: str, directory: str, certificates: str, faultd: str, keep: str, binary: str = "", apply: str = "apply") -> None:
    row = next(r for r in rows.load() if r.full_name == name)
    place = Path(directory)
    os.environ["LAB"] = str(LAB)  # for a row's commands
    result = {}
    try:
        world, gateway = build(row, place, Certificates(Path(certificates)), Path(faultd))
        result["unproven"] = prove(world, row)
        if not result["unproven"]:
            traffic(world, row)
            result["lines"] = named_lines(row, gateway)
        if not binary and not result["unproven"] and "edit" in row.apply:
            result["unproven"] = mend.unproven(world, row, gateway)
        if binary and not result["unproven"]:
            result.update(measure.diagnose(world, row, gateway, binary))
            if apply == "apply":
                result.update(measure.apply(world, row, gateway, binary))
    except (Broken, subprocess.SubprocessError, OSError) as failure:
        result["broken"] = str(failure)
    (place / "result.json").write_text(json.dumps(result))
    if keep == "keep":
        shutil.copytree("/var/log", place / "log", dirs_exist_ok=True)
        shutil.copytree(GATEWAYS[row.gateway].folder, place / row.gateway, symlinks=True, dirs_exist_ok=True)


def build(row: rows.Row, directory: Path, certificates: Certificates, faultd: Path) -> tuple[World, Gateway]:
    machine.own_folders(directory)
    network = machine.Network()
    for address in [machine.SITE, *row.addresses]:
        network.hold(address)
    machine.settings(row.hosts, row.resolv_conf)
    world = World(directory, network, certificates, faultd)
    world.has_own_run = True
    for spec in row.world:
        upstreams.start(world, spec)
    gateway = GATEWAYS[row.gateway](world, row.config, row.neighbours)
    gateway.arrange()
    if row.old_log:
        text = re.sub(r"@before:(\d+)@", lambda m: machine.stamp(row.gateway, -float(m[1])), world.fill(row.old_log))
        Path(gateway.error_log).write_text(text.lstrip("\n"))
    gateway.start()
    for spec in row.after:
        upstreams.start(world, spec)
    return world, gateway


def prove(world: World, row: rows.Row) -> list[str]:
    """What the world does not do although the row says so."""
    wrong = []
    if (status := measure.visit(world, row)) is not None and not re.fullmatch(str(row.status), status):
        wrong.append(f"{row.page}: expected {row.status}, got {status}")
    environment = measure.environment(world)
    return wrong + [missed for proof in row.proof if (missed := world.unproven(proof, environment))]


def traffic(world: World, row: rows.Row) -> None:
    """What else leaves traces: visits to the neighbours, and the row's own decoys."""
    commands = list(row.decoys)
    if row.neighbours:
        commands += ["for n in 1 2 3; do for url in blog.example/ api.example/v1; do curl -s -m 5 -o /dev/null http://$url; done; done"]
    for command in commands:
        subprocess.run(["bash", "-c", world.fill(command)], capture_output=True, stdin=subprocess.DEVNULL, timeout=30)


def named_lines(row: rows.Row, gateway: Gateway) -> list[list]:
    """[file, line] of every place that `at` names, in any file below the gateway's folder (links are followed)."""
    wanted = [row.at] if isinstance(row.at, str) else row.at
    found = []
    for text in filter(None, wanted):
        before = len(found)
        for path in sorted(p for p in gateway.folder.rglob("*") if p.is_file()):
            lines = path.read_text(errors="replace").splitlines()
            found += [[str(path.resolve()), number] for number, line in enumerate(lines, 1) if text in line]
        if len(found) == before:
            raise Broken(f"no line of the configuration says {text!r}")
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
