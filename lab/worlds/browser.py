"""A real browser on the visitor's machine: {browser = "chromium" | "firefox", visits, flags, stays, frozen, until, writes}.

It visits each address once, headless, in the profile where the visitor's own would be, and is closed in the way a
person closes it, so that its cache, cookies and workers are written as it writes them. `stays`: it is open while the
program runs; `frozen`: and stopped, so that whatever changes in its profile is not its own doing; `port`: where it
takes commands. `until = { file, holds }`: it is open until a file that matches below its home holds that text, for what
is written late. `writes = { file, holds }`: it visits again, three times at most, where that was not written when it
closed. Both trust the lab's authority.
"""
import os
import signal
import subprocess
import time
from pathlib import Path

from world import Broken, World

WITHIN = 60  # seconds, for one visit
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-quic"]
# What a fresh Firefox would ask the internet for by itself.
QUIET = """user_pref("app.normandy.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("dom.security.https_first", false);
"""


def start(world: World, spec: dict) -> None:
    home = world.directory / "home"
    home.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    flags = [world.fill(flag) for flag in spec.get("flags", [])]
    visit = {"chromium": _chromium, "firefox": _firefox}[spec["browser"]]
    for url in spec["visits"]:
        for _ in range(3):
            visit(world, spec, env, flags, world.fill(url))
            if "writes" not in spec or _holds(home, spec["writes"]):
                break
        else:
            raise Broken(f"{spec['browser']} did not write {spec['writes']['file']}")


def _chromium(world: World, spec: dict, env: dict, flags: list[str], url: str) -> None:
    _trust(world, Path(env["HOME"]) / ".pki" / "nssdb")
    command = [*CHROMIUM, f"--user-data-dir={env['HOME']}/.config/chromium", *flags]
    if spec.get("stays"):
        port = f"--remote-debugging-port={spec.get('port', 0)}"
        process = world.start("chromium", [*world.network.enter, *command, port, url], env)
        world.await_line("chromium", process, "DevTools listening")
        _freeze(spec, process.pid)
        return
    if "until" in spec:
        _run_until(world, [*command, "--remote-debugging-port=0", url], env, spec["until"])
        return
    _run(world, [*command, "--dump-dom", url], env)


def _firefox(world: World, spec: dict, env: dict, flags: list[str], url: str) -> None:
    profile = Path(env["HOME"]) / ".mozilla" / "firefox" / "lab.default"
    if not profile.exists():
        profile.mkdir(parents=True)
        (profile.parent / "profiles.ini").write_text(
            "[Profile0]\nName=default\nIsRelative=1\nPath=lab.default\nDefault=1\n\n[General]\nStartWithLastProfile=1\nVersion=2\n")
        (profile / "user.js").write_text(QUIET)
    _trust(world, profile)
    command = ["firefox-esr", "--headless", "-P", "default", *flags]
    if spec.get("stays"):
        process = world.start("firefox", [*world.network.enter, *command, "--remote-debugging-port", "0", url], env)
        world.await_line("firefox", process, "WebDriver BiDi listening")
        _freeze(spec, process.pid)
        return
    if "until" in spec:
        _run_until(world, [*command, url], env, spec["until"])
        return
    _run(world, [*command, "--screenshot", str(world.directory / "shot.png"), url], env)


def _freeze(spec: dict, pid: int) -> None:
    if not spec.get("frozen"):
        return
    os.kill(pid, signal.SIGSTOP)
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            _freeze(spec, int(child))


def _trust(world: World, database: Path) -> None:
    if (database / "cert9.db").exists():
        return
    database.mkdir(parents=True, exist_ok=True)
    for arguments in (["-N", "--empty-password"], ["-A", "-n", "lab", "-t", "C,,", "-i", str(world.certificates.trust)]):
        done = subprocess.run(["certutil", "-d", f"sql:{database}", *arguments], capture_output=True, text=True, timeout=20)
        if done.returncode:
            raise Broken(f"certutil: {done.stderr}")


def _holds(home: Path | str, what: dict) -> bool:
    return any(what["holds"].encode() in path.read_bytes() for path in Path(home).glob(what["file"]))


def _run_until(world: World, command: list[str], env: dict, until: dict) -> None:
    process = subprocess.Popen([*world.network.enter, *command], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, cwd=world.directory)
    deadline = time.monotonic() + WITHIN
    while not _holds(env["HOME"], until) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)  # both close as by their menu
    try:
        process.wait(WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if not _holds(env["HOME"], until):
        raise Broken(f"{command[0]} did not write {until['file']}")


def _run(world: World, command: list[str], env: dict) -> None:
    try:
        done = subprocess.run([*world.network.enter, *command], env=env, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, timeout=WITHIN, cwd=world.directory)
    except subprocess.TimeoutExpired:
        raise Broken(f"{command[0]} did not end within {WITHIN} s") from None
    if done.returncode:
        raise Broken(f"{command[0]} ended with {done.returncode}: {done.stderr[-400:]}")
