"""A `fix502 serve` of its own for a test, and a client for it."""
import http.client
import json
import os
import selectors
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ALONE = ["--connectivity-check", "none", "--compare-resolver", "none", "--no-authoritative"]
SOON = 30  # seconds: a test that waits longer has failed


def room_of(binary):
    """How many times as much memory as usual the program may take: a sanitizer keeps shadows and what was freed."""
    return 5 if b"__asan_init" in Path(binary).read_bytes() else 1


class Answer:
    def __init__(self, response):
        self.status, self.fields, self.body = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Serve:
    """Runs until the `with` ends; `home` is its own, so nothing of this machine's user is seen or changed."""

    def __init__(self, binary, *options, listen="127.0.0.1:0", alone=True, environment=None, wrap=()):
        self.room = room_of(binary)
        self.home = tempfile.TemporaryDirectory(prefix="fix502-serve-")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.home.name, **(environment or {})}
        command = [*wrap, str(binary), "serve", "--listen", listen, *(ALONE if alone else []), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, text=True)
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if ready.select(SOON) else ""
        if not line:
            self.process.kill()
            raise RuntimeError(f"it did not start: {self.process.stderr.read()}")
        self.address = line.strip()
        parts = urlsplit(self.address)
        self.host, self.port, self.tls = parts.hostname, parts.port, parts.scheme == "https"
        self.token = parts.fragment.removeprefix("token=")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.home.cleanup()

    def stop(self, how=signal.SIGTERM):
        """Seconds until it was over."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(SOON)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.errors = self.process.stderr.read() if not self.process.stderr.closed else ""
        self.process.stdout.close()
        self.process.stderr.close()
        return time.monotonic() - began

    def connect(self, timeout=SOON):
        if not self.tls:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=trusting)

    def ask(self, method, path, body=None, fields=None, token=True, timeout=SOON):
        connection = self.connect(timeout)
        try:
            sent = {"Authorization": f"Bearer {self.token}"} if token else {}
            data = None
            if body is not None:
                data = body if isinstance(body, (str, bytes)) else json.dumps(body)
                sent["Content-Type"] = "application/json"
            connection.request(method, path, data, {**sent, **(fields or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **how):
        return self.ask("GET", path, **how)

    def post(self, path, body, **how):
        return self.ask("POST", path, body, **how)

    def raw(self, data, timeout=SOON):
        """What comes back for these bytes, until the server closes."""
        with socket.create_connection((self.host, self.port), timeout=timeout) as connection:
            connection.sendall(data)
            got = b""
            while piece := connection.recv(65536):
                got += piece
            return got

    def diagnose(self, **what):
        """The finished diagnosis."""
        begun = self.post("/api/diagnoses", what)
        if begun.status != 201:
            raise RuntimeError(begun.body)
        return self.finished(begun.json["id"])

    def finished(self, number):
        for _ in self.events(f"/api/diagnoses/{number}/events"):
            pass
        return self.get(f"/api/diagnoses/{number}").json

    def events(self, path, last=None, timeout=SOON):
        """Yields (number, name, data) until the server ends the stream."""
        connection = self.connect(timeout)
        try:
            fields = {"Authorization": f"Bearer {self.token}"}
            if last is not None:
                fields["Last-Event-ID"] = str(last)
            connection.request("GET", path, headers=fields)
            response = connection.getresponse()
            if response.status != 200:
                raise RuntimeError(f"{response.status} {response.read()!r}")
            number, name = 0, ""
            for line in response:
                key, _, value = line.decode().rstrip("\n").partition(": ")
                if key == "id":
                    number = int(value)
                elif key == "event":
                    name = value
                elif key == "data":
                    yield number, name, json.loads(value)
        finally:
            connection.close()

    def memory(self):
        """Resident bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def processor(self):
        """Seconds of processor time, its ended children's not among them."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Faulty:
    """faultd with this configuration; `ports` by listener's name."""

    def __init__(self, faultd, *listeners, **more):
        self.folder = tempfile.TemporaryDirectory(prefix="fix502-faultd-")
        file = Path(self.folder.name) / "world.json"
        file.write_text(json.dumps({"listeners": list(listeners), **more}))
        self.process = subprocess.Popen([str(faultd), str(file)], stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("faultd did not start")
        self.ports = {}
        for _ in listeners:
            words = self.process.stdout.readline().split()
            self.ports[words[3]] = int(words[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()


def site(name="site", address="127.0.0.1", **answer):
    """A listener for Faulty that gives every request this answer."""
    return {"name": name, "protocol": "http", "address": address, "port": 0, "routes": [{"answer": answer}]}
