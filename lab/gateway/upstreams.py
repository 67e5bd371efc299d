"""What stands behind the gateways: application servers, and whatever else a row's world is made of.

Kinds of our own are functions here; every other kind is one of lab/worlds (faultd, nginx, apache, run, nft, stop ...).
"""
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import worlds
from world import World

APP = Path(__file__).parent / "app"


def start(world: World, spec: dict) -> None:
    kind = spec["kind"]
    if kind in KINDS:
        KINDS[kind](world, spec)
    else:
        worlds.start(world, spec)


def gunicorn(world: World, spec: dict) -> None:
    """{listen = "127.0.0.1:8000" | "unix:/run/app.sock", workers = 2, args}"""
    name, listen = spec.get("name", "gunicorn"), spec.get("listen", "127.0.0.1:8000")
    command = ["gunicorn", "--bind", listen, "--workers", spec.get("workers", 2), "--chdir", APP, "--worker-tmp-dir", "/dev/shm",
               *spec.get("args", []), "wsgi:app"]
    world.start(name, command, {"PYTHONDONTWRITEBYTECODE": "1"})
    _await(world, name, listen)


def uwsgi(world: World, spec: dict) -> None:
    """{listen, protocol = "socket" (uwsgi) | "http-socket", args}"""
    name, listen = spec.get("name", "uwsgi"), spec.get("listen", "127.0.0.1:8000")
    command = ["uwsgi", "--plugin", "python3", f"--{spec.get('protocol', 'socket')}", listen.removeprefix("unix:"), "--master",
               "--need-app", "--processes", spec.get("workers", 1), "--chdir", APP, "--wsgi", "wsgi", "--uid", "www-data", "--chmod-socket=660",
               *spec.get("args", [])]
    world.start(name, command, {"PYTHONDONTWRITEBYTECODE": "1"})
    _await(world, name, listen)


def node(world: World, spec: dict) -> None:
    """{address = "127.0.0.1", port = 8000 | "/run/app.sock", keep_alive = ms, tls = certificate}"""
    name, address, port = spec.get("name", "node"), spec.get("address", "127.0.0.1"), spec.get("port", 8000)
    tls = [world.certificates.certificate(spec["tls"]), world.certificates.key(spec["tls"])] if "tls" in spec else []
    world.start(name, ["node", APP / "app.js", address, port, spec.get("keep_alive", 5000), *tls])
    if isinstance(port, str):
        _await(world, name, f"unix:{port}")
    else:
        world.await_tcp(name, address, port)


def php_fpm(world: World, spec: dict) -> None:
    """{listen = "/run/php/php8.2-fpm.sock" | "127.0.0.1:9000", children = 2, pool = further lines, root = "/var/www/shop"}"""
    name, listen = spec.get("name", "php-fpm"), spec.get("listen", "/run/php/php8.2-fpm.sock")
    shutil.copytree(APP / "php", spec.get("root", "/var/www/shop"), dirs_exist_ok=True)
    Path("/run/php").mkdir(exist_ok=True)
    own = "\n".join(spec.get("pool", []))
    lines = {"listen.owner": "www-data", "listen.group": "www-data", "pm": "static", "pm.max_children": spec.get("children", 2)}
    usual = "\n".join(f"{key} = {value}" for key, value in lines.items() if f"{key} =" not in own)
    Path("/etc/php/8.2/fpm/pool.d/www.conf").write_text(f"[www]\nuser = www-data\ngroup = www-data\nlisten = {listen}\n{usual}\n{own}\n")
    world.start(name, ["php-fpm8.2", "--nodaemonize", "--fpm-config", "/etc/php/8.2/fpm/php-fpm.conf"])
    _await(world, name, f"unix:{listen}" if listen.startswith("/") else listen)


def hold(world: World, spec: dict) -> None:
    """Connections that are kept as long as the world stands: {to = "127.0.0.1:80", count, text}"""
    name = spec.get("name", "hold")
    process = world.start(name, [sys.executable, APP / "hold.py", spec.get("count", 1), spec["to"], spec.get("text", "")])
    world.await_line(name, process, "ready")


def file(world: World, spec: dict) -> None:
    """{path, text, mode}: written (or, with `append`, added to)."""
    path = Path(spec["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a" if spec.get("append") else "w") as out:
        out.write(world.fill(spec["text"]))
    if "mode" in spec:
        path.chmod(int(spec["mode"], 8))


def _await(world: World, name: str, listen: str) -> None:
    if not listen.startswith("unix:"):
        address, port = listen.rsplit(":", 1)
        return world.await_tcp(name, address.strip("[]"), int(port))
    path = listen.removeprefix("unix:")
    world.await_file(name, path)

    def accepts() -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(path)
            return True
    world._await(name, path, accepts)


KINDS = {"gunicorn": gunicorn, "uwsgi": uwsgi, "node": node, "php-fpm": php_fpm, "hold": hold, "file": file}
PROGRAMS = {"gunicorn": "gunicorn", "uwsgi": "uwsgi", "node": "node", "php-fpm": "php-fpm8.2", "apache": "apache2"}
