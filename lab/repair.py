"""The step after a diagnosis: the remedy is carried out, the page diagnosed again, the remedy taken back, and the machine
compared with what it was. A row asks for it with `fix = "REMEDY ..."`."""
import json
import os
import shlex
import stat
import subprocess
from pathlib import Path

import furniture
import score
from scenario import Scenario
from world import World

WITHIN = 60  # seconds for each of the steps
# What remedies change, beside the visitor's home. The program's own state is no part of what it undoes.
WATCHED = ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/chromium", "/etc/firefox"]
OWN_STATE = [".local/state/fix502", ".local/share/fix502"]
ENVIRONMENT_D = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"


def repair(world: World, row: Scenario, binary: str, environment: dict[str, str]) -> dict:
    """{"fixed": ""} or why it was not; {"log"}: what the program said."""
    log = []

    def run(*words: str, env: dict = environment) -> subprocess.CompletedProcess:
        done = subprocess.run([*world.network.enter, binary, *words], env=env, capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, timeout=WITHIN)
        log.append(f"$ fix502 {shlex.join(words)} -> {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-600:]}")
        return done

    def outcome() -> str:
        remedy, *more = shlex.split(world.fill(row.fix))
        options = [option for option in map(world.fill, furniture.arguments(row)) if option != "--json"]
        # A browser that is open writes its profile all the time: the rest has to be as it was.
        writes = row.fixed.get("open_browser", False)
        before = picture(world, home=not writes)
        done = run("fix", remedy, world.fill(row.url), "--yes", *options, *more)
        if done.returncode != row.fixed.get("status", 0):
            return f"fix ended with {done.returncode}: {(done.stdout + done.stderr)[-300:]}"
        for proof in row.fixed.get("check", []):
            if wrong := world.unproven(proof, login(world, environment)):
                return wrong
        again = run("--json", "--no-fix", *options, world.fill(row.url), env=login(world, environment))
        verdict = json.loads(again.stdout)["verdict"] if again.stdout else {"outcome": again.stderr[-300:]}
        for key, usual in (("outcome", "healthy"), ("fault", "none")):
            if verdict.get(key) not in score.as_list(row.fixed.get(key, usual)):
                return f"after the fix: {verdict.get('fault') or verdict['outcome']}"
        changes = json.loads(run("fixes", "--json").stdout)["changes"]
        stands = bool(changes) and changes[-1]["state"] == "stands"
        if (status := run("undo").returncode) != (0 if stands else 1):
            return f"undo ended with {status}"
        for proof in row.fixed.get("undone", []):
            if wrong := world.unproven(proof, environment):
                return f"after undo: {wrong}"
        after = picture(world, home=not writes)
        changed = sorted(path for path in before | after if before.get(path) != after.get(path))
        if changed:
            return f"not as before the fix: {', '.join(changed)}"
        return "" if run("undo").returncode == 1 else "a second undo found something to take back"

    try:
        fixed = outcome()
    except (subprocess.TimeoutExpired, ValueError) as failure:
        fixed = str(failure)
    (world.directory / "repair.log").write_text("\n".join(log))
    return {"fixed": fixed}


def login(world: World, environment: dict[str, str]) -> dict[str, str]:
    """The environment after the next login: systemd's own generator reads environment.d."""
    if not (Path(environment["HOME"]) / ".config/environment.d").exists() or not os.path.exists(ENVIRONMENT_D):
        return environment
    said = subprocess.run([ENVIRONMENT_D], env=environment, capture_output=True, text=True, timeout=WITHIN).stdout
    return environment | dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def picture(world: World, home: bool = True) -> dict[str, tuple]:
    """Every watched path with its kind, mode, owner, bytes and, if nothing else writes it, modification time; and the
    IPv6 routes."""
    routes = subprocess.run([*world.network.enter, "ip", "-6", "route", "show", "table", "all"], capture_output=True,
                            text=True, timeout=WITHIN).stdout
    all_of_it = {"routes": sorted(line for line in routes.splitlines() if "unreachable" in line)}
    own_home = world.directory / "home"
    for root in [*map(Path, WATCHED), *([own_home] if home else [])]:
        for path in [root, *sorted(root.rglob("*"))] if root.exists() else []:
            own = [own_home / state for state in OWN_STATE]
            if path in [own_home, *own] or any(state in path.parents or path in state.parents for state in own):
                continue
            about = path.lstat()
            folder = stat.S_ISDIR(about.st_mode)
            text = path.readlink() if path.is_symlink() else None if folder else path.read_bytes()
            when = None if folder or str(path) in world.rewritten else about.st_mtime_ns
            all_of_it[str(path)] = (about.st_mode, about.st_uid, about.st_gid, when, text)
    return all_of_it
