#!/usr/bin/python3
"""`fix502 gateway --apply` killed at every moment: the gateway must serve as before or better, and `undo` restores every byte.

    kill.py [--binary B] [--faultd F] [--scenario nginx/header-too-large] [--step 20] [--last MS] [--stop]

In the world of one scenario that --apply can end, it lets --apply run to its end once and takes it back. Then, for every
multiple of --step milliseconds up to that time, it starts --apply, sends SIGKILL to it and to all it started, and looks: the
gateway answers with the status it had or with the mended one, its configuration passes its own check, `fix502 undo` ends with
0 if anything was changed, after it every byte is as before, and the gateway serves as before. With --stop it is told to end
(SIGTERM, and to nothing that it started) and waited for: then besides, no change may be left unfinished. Exit 1 where one of
these does not hold, 77 where it cannot be tried.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent))

import inside
import measure
import rows
from certificates import Certificates
from gateways import Gateway
from world import Broken, World

UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
SCENARIOS = ["nginx/header-too-large", "haproxy/header-too-large", "apache/header-too-large", "caddy/header-too-large"]
WITHIN = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=HERE.parent.parent / "build/release/fix502")
    parser.add_argument("--faultd", type=Path)
    parser.add_argument("--scenario", action="append", default=[], help=f"repeatable; default: {' '.join(SCENARIOS)}")
    parser.add_argument("--step", type=float, default=20, help="milliseconds between the moments (20)")
    parser.add_argument("--last", type=float, help="the last moment, in milliseconds; default: when --apply was over")
    parser.add_argument("--stop", action="store_true", help="tell it to end instead of killing it")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return within(given, *given.inside)
    if not given.binary.exists():
        print(f"{given.binary} is not built; --binary names another")
        return 77
    if subprocess.run([*UNSHARE, "true"], capture_output=True).returncode:
        print("needs root, and leave to make namespaces")
        return 77
    place = Path(tempfile.mkdtemp(prefix="fix502-kill-"))
    place.chmod(0o755)
    failed = 0
    try:
        Certificates(place / "certificates").make()
        for name in given.scenario or SCENARIOS:
            directory = place / name.replace("/", "-")
            directory.mkdir()
            words = ["--binary", given.binary.resolve(), "--faultd", (given.faultd or given.binary.parent / "faultd").resolve(),
                     "--step", given.step, *(["--last", given.last] if given.last else []), *(["--stop"] if given.stop else []), "--inside", name, directory]
            failed += subprocess.run([*UNSHARE, sys.executable, "-B", HERE / "kill.py", *map(str, words)]).returncode != 0
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if failed else 0


def within(given: argparse.Namespace, name: str, directory: str) -> int:
    os.environ["LAB"] = str(HERE.parent)
    row = next(r for r in rows.load() if r.full_name == name)
    place = Path(directory)
    try:
        world, gateway = inside.build(row, place, Certificates(place.parent / "certificates"), given.faultd)
        if unproven := inside.prove(world, row):
            raise Broken("; ".join(unproven))
        inside.traffic(world, row)
    except (Broken, subprocess.SubprocessError, OSError) as failure:
        print(f"FAIL  {name}: world: {failure}")
        return 1
    command = [str(given.binary), "gateway", *measure.words(world, row, gateway), "--apply", "--yes"]
    began = time.monotonic()
    whole = subprocess.run(command, env=measure.environment(world), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    last = given.last or (time.monotonic() - began) * 1000 + given.step
    if whole.returncode != 0 or undo(world, given.binary) != 0:
        print(f"FAIL  {name}: --apply itself ended with {whole.returncode}: {(whole.stdout + whole.stderr)[-300:]}")
        return 1
    return sweep(given, row, world, gateway, command, last)


def sweep(given: argparse.Namespace, row: rows.Row, world: World, gateway: Gateway, command: list[str], last: float) -> int:
    before, counts, problems, moments = measure.picture(), {"as before": 0, "mended": 0}, [], 0
    settled(world, row, str(row.status))
    moment = 0.0
    while moment <= last:
        moments += 1
        process = subprocess.Popen(command, env=measure.environment(world), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(moment / 1000)
        if given.stop:
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wrong = unfinished(world, given.binary) if given.stop else []
        wrong += look(given, row, world, gateway, before, counts)
        problems += [f"ended after {moment:g} ms: {text}" for text in wrong]
        moment += given.step
    print(f"{'FAIL' if problems else 'ok  '}  {row.full_name}: {'stopped' if given.stop else 'killed'} at {moments} moments of {last:.0f} ms; served as before "
          f"{counts['as before']} times, mended {counts['mended']} times; {len(problems)} wrong")
    for text in problems[:20]:
        print(f"      {text}")
    return 1 if problems else 0


def look(given: argparse.Namespace, row: rows.Row, world: World, gateway: Gateway, before: dict, counts: dict) -> list[str]:
    wrong = []
    status = measure.visit(world, row)
    if re.fullmatch(str(row.apply["status"]), status):
        counts["mended"] += 1
    elif re.fullmatch(str(row.status), status):
        counts["as before"] += 1
    else:
        wrong.append(f"the visitor gets {status}")
    if said := gateway.check():
        wrong.append(f"the gateway's check: {said}")
    changed = measure.difference(before, measure.picture())
    ended = undo(world, given.binary)
    if changed and ended != 0:
        wrong.append(f"undo ended with {ended} though {', '.join(changed)} had changed")
    if left := measure.difference(before, measure.picture()):
        wrong.append(f"after undo not as before: {', '.join(left)}")
    if not settled(world, row, str(row.status)):
        wrong.append(f"after undo the visitor gets {measure.visit(world, row)}")
    return wrong


def unfinished(world: World, binary: Path) -> list[str]:
    done = subprocess.run([binary, "fixes", "--json"], env=measure.environment(world), capture_output=True, stdin=subprocess.DEVNULL, timeout=WITHIN)
    return [f"change {change['id']} is unfinished" for change in json.loads(done.stdout)["changes"] if change["state"] == "unfinished"]


def settled(world: World, row: rows.Row, wanted: str) -> bool:
    return measure.settle(world, row, wanted) == ""


def undo(world: World, binary: Path) -> int:
    done = subprocess.run([binary, "undo"], env=measure.environment(world), capture_output=True, stdin=subprocess.DEVNULL, timeout=WITHIN)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
