"""The steps on a world that stands: what the visitor sees, what the program says, what it changes and takes back."""
import difflib
import hashlib
import json
import os
import re
import stat
import subprocess
import time
from pathlib import Path

from gateways import Gateway
from rows import Row
from world import World

GRACE = 15            # seconds beyond its budget after which the program is stopped
AGAIN_WITHIN = 3      # seconds in which a reloaded gateway must serve the page,
AGAIN = 3             # and visits, where a page takes long
# What --apply may change, and what it must leave alone.
WATCHED = ["/etc/nginx", "/etc/haproxy", "/etc/apache2", "/etc/caddy", "/etc/php", "/etc/hosts", "/etc/resolv.conf", "/srv", "/var/www"]


def environment(world: World) -> dict[str, str]:
    home = world.directory / "home"
    home.mkdir(exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}


def visit(world: World, row: Row) -> str:
    """The status that the visitor gets, and curl's complaint where it has one: "502", "000 curl 52"."""
    words = ["curl", "-sS", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}"]
    for header in row.request:
        words += ["-H", world.fill(header)]
    done = subprocess.run([*words, *map(world.fill, row.curl), row.page], capture_output=True, text=True,
                          env=environment(world), timeout=20)
    return done.stdout + (f" curl {done.returncode}" if done.returncode else "")


def words(world: World, row: Row, gateway: Gateway) -> list[str]:
    """The program's arguments."""
    options = ["--timeout", f"{row.timeout:g}", "--idle-probe", f"{row.idle_probe:g}", "--replay-timeout", f"{row.replay_timeout:g}"]
    options += gateway.named() if row.named else []
    for header in row.request:
        options += ["-H", world.fill(header)]
    url = [] if row.url == "" else [row.page]
    return [*url, *options, *(world.fill(a) for a in row.args)]


def diagnose(world: World, row: Row, gateway: Gateway, binary: str) -> dict:
    result, done = timed(world, row, [binary, "gateway", *words(world, row, gateway), "--json"])
    if done is None:
        return result
    (world.directory / "report.json").write_bytes(done.stdout)
    try:
        result["report"] = json.loads(done.stdout)
        for finding in result["report"]["findings"]:  # one file may be named by its link in sites-enabled
            finding["file"] = os.path.realpath(finding["file"]) if finding.get("file") else None
    except ValueError:
        result["wrong"] = f"no report; status {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
    return result


def timed(world: World, row: Row, command: list[str]) -> tuple[dict, subprocess.CompletedProcess | None]:
    started = time.monotonic()
    try:
        done = subprocess.run(command, env=environment(world), capture_output=True, stdin=subprocess.DEVNULL, timeout=row.timeout + GRACE)
    except subprocess.TimeoutExpired:
        return {"seconds": time.monotonic() - started, "wrong": f"did not end within {row.timeout + GRACE:g} s"}, None
    result = {"seconds": time.monotonic() - started, "status": done.returncode}
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", done.stdout + done.stderr):
        result["wrong"] = "control characters in the output"
    return result, done


def apply(world: World, row: Row, gateway: Gateway, binary: str) -> dict:
    """{"applied": {...}}: what --apply did, as plain facts; count.py says what they are worth."""
    before = picture()
    said, done = timed(world, row, [binary, "gateway", *words(world, row, gateway), "--apply", "--yes"])
    facts = {"status": said.get("status"), "seconds": said["seconds"], "wrong": said.get("wrong", "")}
    (world.directory / "apply.log").write_bytes(done.stdout + done.stderr if done else b"")
    changed = picture()
    facts |= {"changed": difference(before, changed), "touched": touched(before, changed), "diff": diff(before, changed)}
    facts["check"] = gateway.check() if gateway.config.get("starts", True) else ""
    wanted = str(row.apply.get("status", row.status))
    facts["visit"] = settle(world, row, wanted)
    facts["unproven"] = [] if facts["visit"] == "" else [f"the visitor gets {facts['visit']}, not {wanted}"]
    if facts["changed"] or facts["visit"] == "":
        facts["unproven"] += [missed for proof in row.apply.get("check", []) if (missed := world.unproven(proof, environment(world)))]
    undone = subprocess.run([binary, "undo"], env=environment(world), capture_output=True, text=True, errors="replace",
                            stdin=subprocess.DEVNULL, timeout=60)
    facts["undo"] = {"status": undone.returncode, "said": (undone.stdout + undone.stderr)[-300:], "left": difference(before, picture())}
    if facts["changed"]:
        facts["undo"]["visit"] = settle(world, row, str(row.apply.get("undone", row.status)))
    return {"applied": facts}


def settle(world: World, row: Row, wanted: str) -> str:
    """Empty once the visitor gets what is wanted; else what came instead. An old worker may still answer first."""
    deadline = time.monotonic() + AGAIN_WITHIN
    tries = 0
    while not re.fullmatch(wanted, status := visit(world, row)):
        tries += 1
        if time.monotonic() > deadline and tries >= AGAIN:
            return status
        time.sleep(0.1)
    return ""


def picture() -> dict[str, tuple]:
    """Every watched path with its mode, owner, kind and bytes."""
    seen = {}
    for root in map(Path, WATCHED):
        for path in [root, *sorted(root.rglob("*"))] if root.exists() else []:
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode):
                bytes_ = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
                seen[str(path)] = (about.st_mode, about.st_uid, about.st_gid, hashlib.sha256(bytes_).hexdigest(), bytes_)
    return seen


def difference(before: dict, after: dict) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _lines(seen: dict, path: str) -> list[str]:
    return seen[path][4].decode(errors="replace").splitlines(keepends=True) if path in seen else []


def touched(before: dict, after: dict) -> int:
    """Lines that were replaced, added or removed; one that was replaced counts once."""
    count = 0
    for path in difference(before, after):
        matcher = difflib.SequenceMatcher(None, _lines(before, path), _lines(after, path), autojunk=False)
        count += sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")
    return count


def diff(before: dict, after: dict) -> str:
    text = []
    for path in difference(before, after):
        text += difflib.unified_diff(_lines(before, path), _lines(after, path), path, path, n=0)
    return "".join(text)[:2000]
