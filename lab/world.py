"""One world: its processes, files and addresses. Component builders (worlds/*.py) are given it."""
import os
import re
import shutil
import socket
import subprocess
import time
from email.utils import formatdate
from pathlib import Path

from certificates import Certificates
from network import Network

READY_WITHIN = 10  # seconds
PROOF_WITHIN = 60  # seconds, for one proof
PROOFS = Path(__file__).parent / "proofs.sh"


class Broken(Exception):
    """The world could not be built or proven: says nothing about the program."""


class Listener:
    """One place to listen: "203.0.113.10:443 tls"."""

    def __init__(self, text: str):
        endpoint, *flags = text.split()
        host, port = endpoint.rsplit(":", 1)
        self.address, self.port = host.strip("[]"), int(port)
        self.tls = "tls" in flags
        self.endpoint = endpoint


class World:
    def __init__(self, directory: Path, network: Network, certificates: Certificates, faultd: Path):
        self.directory, self.network, self.certificates, self.faultd = directory, network, certificates, faultd
        self.started = {}  # name -> Popen
        self.has_own_run = False
        self.path = []     # folders of programs that are not installed, before PATH
        self.rewritten = set()  # files that a server of this world writes anew whenever it is told something

    def file(self, name: str, text: str) -> Path:
        """A file of the world, with its @placeholders@ filled in."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.fill(text))
        return path

    def fill(self, text: str) -> str:
        """@tmp@, @trust@, @cert:NAME@, @key:NAME@, @bundle:NAME@, @date:+SECONDS@ (HTTP's date, so far
        from now), and @9000@: so many zeros."""
        places = {"cert": self.certificates.certificate, "key": self.certificates.key,
                  "bundle": self.certificates.bundle}
        text = text.replace("@tmp@", str(self.directory)).replace("@trust@", str(self.certificates.trust))
        text = re.sub(r"@date:([+-]\d+)@", lambda m: formatdate(time.time() + int(m[1]), usegmt=True), text)
        text = re.sub(r"@(\d{4,5})@", lambda m: "0" * int(m[1]), text)
        return re.sub(r"@(cert|key|bundle):([a-z-]+)@", lambda m: str(places[m[1]](m[2])), text)

    def unproven(self, proof: dict, environment: dict[str, str]) -> str:
        """Runs {run, expect, on}; what came instead where it does not match."""
        command = self.fill(f". {PROOFS}\n{proof['run']}")
        enter = [] if proof.get("on") == "internet" else self.network.enter
        done = subprocess.run([*enter, "bash", "-c", command], env=environment, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PROOF_WITHIN)
        if re.search(proof["expect"], done.stdout, re.MULTILINE):
            return ""
        return f"{proof['run']}: expected {proof['expect']}, got {done.stdout[-300:]!r}"

    def start(self, name: str, command: list, env: dict | None = None) -> subprocess.Popen:
        if not shutil.which(str(command[0])):
            raise Broken(f"{command[0]} is not installed")
        log = open(self.directory / f"{name}.log", "ab")
        process = subprocess.Popen([str(part) for part in command], cwd=self.directory, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        self.started[name] = process
        return process

    def stop(self, name: str) -> None:
        process = self.started.pop(name)
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def await_tcp(self, name: str, address: str, port: int) -> None:
        def accepts():
            with socket.create_connection((address, port), timeout=1):
                return True
        self._await(name, f"{address}:{port}", accepts)

    def await_dns(self, name: str, address: str) -> None:
        """Ready once it answers anything at all."""
        query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x06\x00\x01"

        def answers():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as udp:
                udp.settimeout(0.2)
                udp.connect((address, 53))
                udp.send(query)
                return udp.recv(512)
        self._await(name, f"{address}:53", answers)

    def await_visitor_dns(self, name: str, address: str) -> None:
        """The same for a resolver on the visitor's machine."""
        ask = [*self.network.enter, "dig", "+time=1", "+tries=1", f"@{address}", ".", "NS"]
        self.await_success(name, ask)

    def await_success(self, name: str, command: list[str]) -> None:
        self._await(name, " ".join(command[-4:]),
                    lambda: subprocess.run(command, capture_output=True).returncode == 0 or time.sleep(0.02))

    def await_file(self, name: str, path: str) -> None:
        self._await(name, path, lambda: os.path.exists(path) or time.sleep(0.02))

    def own_run(self) -> None:
        """An empty /run of the world's own, for servers whose sockets have fixed places."""
        if not self.has_own_run:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True, timeout=10)
            self.has_own_run = True

    def await_line(self, name: str, process: subprocess.Popen, line: str) -> None:
        self._await(name, f"its log ({line})", lambda: line in self.log(name) or time.sleep(0.01))

    def await_text(self, name: str, path: str, text: str) -> None:
        self._await(name, f"{path} ({text})", lambda: text in Path(path).read_text() or time.sleep(0.01))

    def check_alive(self) -> None:
        for name, process in self.started.items():
            if process.poll() is not None:
                raise Broken(f"{name} ended with {process.returncode}: {self.log(name)}")

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text(errors="replace")[-600:]

    def _await(self, name: str, place: str, attempt) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            process = self.started.get(name)
            if process and process.poll() is not None:
                raise Broken(f"{name} ended with {process.returncode}: {self.log(name)}")
            try:
                if attempt():
                    return
            except OSError:
                time.sleep(0.01)
        raise Broken(f"{name} does not answer at {place}: {self.log(name)}")
