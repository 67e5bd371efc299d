"""What is needed beside a server of Prometheus' figures."""
import os
import re
import socket
import subprocess
import time
from urllib.request import urlopen

from serving import SOON

SAMPLE = re.compile(r"^(\w+)(\{.*\})? (\S+)$")


def parsed(text):
    """{name: (type, help)}, {name{labels}: value}"""
    about, values = {}, {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, words = line.split(" ", 3)
            about[name] = [None, words]
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ", 3)
            about[name][0] = kind
        elif match := SAMPLE.match(line):
            values[match[1] + (match[2] or "")] = float(match[3])
        else:
            raise AssertionError(f"no line of the format: {line!r}")
    return about, values


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetched(url, seconds=SOON):
    """What the address says, as soon as it says anything."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url, timeout=seconds) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def certificate(place):
    """A certificate for 127.0.0.1 that is its own authority, as faultd has it."""
    files = {"certificate": str(place / "site.pem"), "key": str(place / "site.key")}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/O=Shop/CN=shop.example",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:shop.example", "-out", files["certificate"], "-keyout", files["key"]],
                   check=True, capture_output=True)
    return files


class Running:
    """A program of others, ended with the `with`."""

    def __init__(self, *command, environment=None):
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
