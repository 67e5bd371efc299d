"""The gateway's own machine: one network namespace, with /etc, /run, /var/log and what else the servers write to of its own."""
import socket
import subprocess
import threading
import time
from pathlib import Path

SITE = "203.0.113.10"
TABLE = """
table inet lab {
  chain prerouting { type nat hook prerouting priority -100; }
  chain input { type filter hook input priority 0; }
  chain output { type filter hook output priority 0; }
}
"""
EMPTY = ["/var/log", "/var/lib/nginx", "/var/lib/caddy", "/var/cache", "/var/www", "/srv", "/run"]


class Network:
    """What lab/network.py offers, with one machine instead of two."""
    enter: list[str] = []

    def __init__(self):
        self.held = set()
        self.ip("link set lo up\n")
        self.nft(TABLE)

    def hold(self, address: str) -> None:
        if address in self.held or address.startswith("127.") or address in ("::1", "0.0.0.0", "::"):
            return
        self.held.add(address)
        self.ip(f"addr add {address}/128 dev lo nodad\n" if ":" in address else f"addr add {address}/32 dev lo\n")

    @staticmethod
    def nft(rules: str) -> None:
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True, timeout=10)

    @staticmethod
    def ip(batch: str) -> None:
        done = subprocess.run(["ip", "-batch", "-"], input=batch, text=True, capture_output=True, timeout=10)
        if done.returncode:
            raise OSError(f"ip: {done.stderr.strip()}")


def own_folders(place: Path) -> None:
    """Nothing that happens below these is seen outside, or stays."""
    etc = place / "etc"
    etc.mkdir()
    _tmpfs(etc)
    for layer in ("upper", "work"):
        (etc / layer).mkdir()
    layers = f"lowerdir=/etc,upperdir={etc}/upper,workdir={etc}/work"
    subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", "/etc"], check=True, timeout=10)
    for folder in EMPTY:
        if Path(folder).is_dir():
            _tmpfs(folder)


def _tmpfs(folder) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder], check=True, timeout=10)


def settings(hosts: list[str], resolv_conf: list[str]) -> None:
    usual = ["127.0.0.1 localhost", "::1 localhost ip6-localhost", f"{SITE} shop.example www.shop.example blog.example api.example"]
    # A row that says what localhost is says so for good.
    if any("localhost" in line.split() for line in hosts):
        usual = usual[2:]
    Path("/etc/resolv.conf").unlink(missing_ok=True)
    order = ["passwd: files", "group: files", "hosts: files dns"]
    for name, lines in {"hosts": usual + hosts, "resolv.conf": resolv_conf, "nsswitch.conf": order}.items():
        Path(f"/etc/{name}").write_text("\n".join(lines) + "\n")


def syslog(path: Path) -> None:
    """What rsyslog does for HAProxy on Debian: UDP on 127.0.0.1:514 into a file, in the traditional format."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 514))
    file = open(path, "a", buffering=1)

    def write() -> None:
        while True:
            text = server.recv(8192).decode(errors="replace").split(">", 1)[-1].rstrip("\n\0")
            stamp, rest = text[:15], text[16:]
            file.write(f"{stamp} gw1 {rest}\n")

    threading.Thread(target=write, daemon=True).start()


def stamp(gateway: str, seconds: float) -> str:
    """The time so many seconds from now, as this gateway's error log writes it."""
    when = time.localtime(time.time() + seconds)
    forms = {"nginx": "%Y/%m/%d %H:%M:%S", "apache": "%a %b %d %H:%M:%S.000000 %Y", "haproxy": "%b %e %H:%M:%S"}
    return str(time.time() + seconds) if gateway == "caddy" else time.strftime(forms[gateway], when)
