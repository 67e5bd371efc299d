#!/usr/bin/python3
"""Compares what `fix502 logs` finds with what is true: check.py BINARY [--schema FILE] [--seeds N] [--only PART] [-v]

Recorded: logs that real gateways wrote during a fault (lab/logs/record.py), in recorded/NAME with the truth in NAME.json.
Generated: generate.py, for each of N seeds. An incident is right if fault, upstream, failed, first and last second all are,
and what it began with where a scenario says so.
Exit status 1 if less than 95 % are, or if there is one where nothing failed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import generate  # noqa: E402


def epoch(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def found_in(binary, folder, arguments, schema):
    environment = dict(os.environ, TZ="UTC")
    done = subprocess.run([binary, "logs", "--json", *arguments, str(folder)], capture_output=True, text=True, env=environment, timeout=120)
    if done.returncode not in (0, 1):
        return None, f"exit status {done.returncode}: {done.stderr.strip()}"
    report = json.loads(done.stdout)
    if schema is not None:
        schema.validate(report)
    if (done.returncode == 1) != bool(report["incidents"]):
        return None, "the exit status says otherwise than the report"
    return [{"fault": i["fault"], "upstream": i["upstream"], "failed": i["failed"], "first_seen": epoch(i["first_seen"]),
             "last_seen": epoch(i["last_seen"]), "began": began(i)} for i in report["incidents"]], ""


def began(incident):
    """The line that it began with, or since when answers were slow."""
    if incident["began_with"]:
        return incident["began_with"]["line"]
    return f"slow since {epoch(incident['slow_since']['at'])}" if incident["slow_since"] else ""


def judge(name, found, true, verbose):
    """How many of the true incidents are right, and how many were made up."""
    key = lambda incident: json.dumps({name: value for name, value in incident.items() if name != "began"}, sort_keys=True)
    left = [key(i) for i in found]
    beginnings = {key(i): i["began"] for i in found}
    right = 0
    for incident in true:
        if key(incident) in left and incident.get("began", "") in beginnings[key(incident)]:
            left.remove(key(incident))
            right += 1
        elif verbose:
            print(f"{name}: missing {key(incident)}")
    for extra in left:
        if verbose:
            print(f"{name}: found   {extra}")
    return right, len(left)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--schema", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    schema = None
    if options.schema:
        import jsonschema
        schema = jsonschema.Draft202012Validator(json.loads(options.schema.read_text()))
    scenarios = incidents = right = invented = on_healthy = 0
    per_kind = {}

    def one(name, kind, folder, arguments, true):
        nonlocal scenarios, incidents, right, invented, on_healthy
        found, problem = found_in(options.binary, folder, arguments, schema)
        if found is None:
            print(f"{name}: {problem}")
            found = []
        good, extra = judge(name, found, true, options.verbose)
        scenarios, incidents, right, invented = scenarios + 1, incidents + len(true), right + good, invented + extra
        if not true:
            on_healthy += extra
        counts = per_kind.setdefault(kind, [0, 0, 0])
        counts[0], counts[1], counts[2] = counts[0] + 1, counts[1] + good, counts[2] + len(true)

    for truth in sorted((HERE / "recorded").glob("*.json")):
        name = truth.stem
        if options.only not in name:
            continue
        true = json.loads(truth.read_text())["incidents"]
        with tempfile.TemporaryDirectory(prefix="fix502-logs-") as folder:
            kept = Path(folder) / name
            shutil.copytree(truth.parent / name, kept)
            for file in kept.iterdir() if true else []:  # as old as when they were written, which a checkout does not keep
                os.utime(file, (true[0]["last_seen"] + 1,) * 2)
            one(name, "recorded", kept, [], true)
    for seed in range(1, options.seeds + 1):
        for name in generate.SCENARIOS:
            if options.only not in name:
                continue
            files, arguments, true = generate.make(name, seed)
            with tempfile.TemporaryDirectory(prefix="fix502-logs-") as folder:
                for file, data in files.items():
                    path = Path(folder) / file
                    path.write_bytes(data)
                    os.utime(path, (generate.BEGIN + 7200, generate.BEGIN + 7200))
                one(f"{name} (seed {seed})", "generated", folder, arguments, true)
    for kind, (count, good, all_of) in per_kind.items():
        print(f"{kind}: {count} scenarios, {good} of {all_of} incidents right")
    share = right / incidents if incidents else 1
    print(f"{scenarios} scenarios, {right} of {incidents} incidents right in all of fault, upstream, count, first and last second "
          f"({share:.1%}); {invented} others found, {on_healthy} of them on healthy logs")
    return 0 if share >= 0.95 and on_healthy == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
