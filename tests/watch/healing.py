"""A site on loopback that breaks and heals by the clock, and `fix502 watch` run against it."""
import json
import os
import subprocess
import threading
import time
from pathlib import Path

BAD = {"status": 502, "headers": [["Server", "nginx/1.22.1"], ["Content-Type", "text/html"]],
       "body": "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
               "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"}
# Nothing but the site itself is asked: tests see no other network.
ALONE = ["--connectivity-check", "none", "--compare-resolver", "none", "--no-authoritative", "--no-proxy"]


class Site:
    """Answers 502 until `heals` seconds after its start."""

    def __init__(self, faultd: Path, place: Path, heals: float) -> None:
        self.log = place / "requests.jsonl"
        route = {"match": {"until_ms": round(heals * 1000)}, "answer": BAD}
        world = {"log": str(self.log), "listeners": [{"protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [route]}]}
        (place / "world.json").write_text(json.dumps(world))
        self.process = subprocess.Popen([faultd, place / "world.json"], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "ready", "the fault server does not start"
        self.healed_at = time.time() + heals
        self.port = int(self.process.stdout.readline().split()[2])
        self.url = f"http://127.0.0.1:{self.port}/"

    def requests(self) -> int:
        return sum(json.loads(line).get("event") == "http" for line in self.log.read_text().splitlines())

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Watch:
    """The program, with a home of its own. `events` come as it prints them, each with the time of its arrival."""

    def __init__(self, binary: Path, home: Path, arguments: list[str], **environment: str) -> None:
        own = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **environment}
        self.process = subprocess.Popen([binary, "watch", "--json", *ALONE, *arguments], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own)
        self.events: list[dict] = []
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        for line in self.process.stdout:
            self.events.append(json.loads(line) | {"arrived": time.time()})

    def wait_for(self, event: str, seconds: float = 60) -> dict:
        end = time.time() + seconds
        while time.time() < end:
            for seen in list(self.events):
                if seen["event"] == event:
                    return seen
            time.sleep(0.02)
        raise AssertionError(f"no {event} within {seconds} s, only {self.events}")

    def end(self) -> tuple[int, float, str]:
        """Its exit status, the processor time it and its children used, and its standard error."""
        errors = self.process.stderr.read()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode, used.ru_utime + used.ru_stime, errors
