"""`fix502 watch` and `fix502 history` against a site that heals: end_to_end.py FIX502 FAULTD"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from healing import ALONE, Site, Watch
from schemas import wrong_with

BINARY, FAULTD = (Path(argument).resolve() for argument in sys.argv[1:3])


class Hook(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""
    got: list = []

    def do_POST(self) -> None:
        Hook.got.append((self.headers["Content-Type"], json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


class EndToEnd(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="fix502-watch-")
        self.addCleanup(folder.cleanup)
        self.place = Path(folder.name)

    def history(self, *arguments: str) -> dict:
        done = subprocess.run([BINARY, "history", "--json", *arguments], capture_output=True, text=True, check=True,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.place)})
        return json.loads(done.stdout)

    def test_says_in_every_way_that_it_works_again(self) -> None:
        hook = HTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        out = self.place / "exec.txt"
        command = f'printf "%s\\n" "$FIX502_EVENT" "$FIX502_URL" "$FIX502_FAULT" "$FIX502_SECONDS" >{out}; echo to stdout; exit 3'
        with Site(FAULTD, self.place, heals=4) as site:
            url = site.url + "?token=$(id)secret"
            watch = Watch(BINARY, self.place, [url, "--exec", command, "--webhook", f"http://127.0.0.1:{hook.server_port}/hook"])
            status, _, errors = watch.end()
            requests = site.requests()
        hook.shutdown()
        hook.server_close()
        self.assertEqual(status, 0, errors)
        self.assertEqual([event["event"] for event in watch.events if event["event"] != "tried"], ["outage", "recovered"])
        recovered = watch.events[-1]
        self.assertLessEqual(recovered["arrived"] - site.healed_at, 12)
        self.assertEqual(recovered["requests"], requests)
        self.assertEqual(recovered["cause"]["fault"], "origin.bad-gateway")
        event, said_url, fault, seconds = out.read_text().splitlines()
        self.assertEqual((event, fault), ("recovered", "origin.bad-gateway"))
        self.assertEqual(said_url, url)
        self.assertGreaterEqual(int(seconds), 3)
        self.assertIn("to stdout", errors)  # standard output is for JSON alone
        self.assertIn("status 3", errors)
        self.assertEqual(len(Hook.got), 1)
        kind, posted = Hook.got[0]
        self.assertEqual(kind, "application/json")
        self.assertEqual(posted["schema"], "fix502.watch/1")
        self.assertIn("works again", posted["text"])
        self.assertNotIn("secret", json.dumps(posted))
        self.assertNotIn(b"secret", b"".join(path.read_bytes() for path in self.place.rglob("history.db*")))
        for event in [*watch.events, posted]:
            self.assertEqual(wrong_with("watch", event), [], event)
        self.assertEqual(wrong_with("history", self.history()), [])
        page = self.history(url)["pages"][0]
        self.assertEqual(len(page["outages"]), 1)
        self.assertEqual(page["outages"][0]["fault"], "origin.bad-gateway")
        self.assertTrue(page["outages"][0]["end_seen"])

    def test_a_killed_watch_is_taken_up_again(self) -> None:
        with Site(FAULTD, self.place, heals=9) as site:
            first = Watch(BINARY, self.place, [site.url])
            began = first.wait_for("outage")["began"]
            first.wait_for("tried")
            first.process.send_signal(signal.SIGKILL)
            first.end()
            second = Watch(BINARY, self.place, [site.url])
            status, _, errors = second.end()
            self.assertEqual(status, 0, errors)
        self.assertEqual(second.events[0]["event"], "taken-up")
        self.assertEqual(second.events[0]["cause"]["fault"], "origin.bad-gateway")
        self.assertEqual(second.events[-1]["event"], "recovered")
        self.assertEqual(second.events[-1]["began"], began)
        outages = self.history()["pages"][0]["outages"]
        self.assertEqual([outage["began"] for outage in outages], [began])

    def test_ends_as_asked(self) -> None:
        with Site(FAULTD, self.place, heals=600) as site:
            self.assertEqual(Watch(BINARY, self.place, [site.url, "--give-up", "1"]).end()[0], 1)
            for number in (signal.SIGINT, signal.SIGTERM):
                watch = Watch(BINARY, self.place, [site.url, "--no-history"])
                watch.wait_for("outage")
                watch.process.send_signal(number)
                self.assertEqual(watch.end()[0], 130)
        with Site(FAULTD, self.place, heals=0) as site:
            watch = Watch(BINARY, self.place, [site.url, "--no-history"])
            self.assertEqual(watch.end()[0], 0)
            self.assertEqual([event["event"] for event in watch.events], ["works"])
            self.assertEqual(wrong_with("watch", watch.events[0]), [])

    def diagnose(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([BINARY, self.url, "--json", *ALONE, *arguments], capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.place)})

    def test_a_diagnosis_is_remembered_and_never_harmed_by_that(self) -> None:
        with Site(FAULTD, self.place, heals=600) as site:
            self.url = site.url
            database = self.place / ".local/share/fix502/history.db"
            self.assertEqual(self.diagnose("--no-history").returncode, 1)
            self.assertFalse(database.exists())
            done = self.diagnose()
            self.assertEqual((done.returncode, done.stderr), (1, ""))
            database.write_bytes(b"This was my shopping list.")
            done = self.diagnose()
            self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
            self.assertIn("history.db.broken-1", done.stderr)
            json.loads(done.stdout)
            self.assertEqual(len(self.history()["pages"][0]["diagnoses"]), 1)
            self.assertEqual(wrong_with("history", self.history()), [])
            database.with_name("history.db.lock").unlink()
            database.unlink()
            database.mkdir()
            done = self.diagnose()
            self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
            json.loads(done.stdout)

    def test_a_history_fits_a_terminal(self) -> None:
        for language, marks in (("C.UTF-8", "▁"), ("C", "0")):
            with Site(FAULTD, self.place, heals=600) as site:
                self.url = site.url
                self.diagnose()
            done = subprocess.run(["script", "-qec", f"{BINARY} history", "/dev/null"], capture_output=True, check=True,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.place), "LANG": language, "TERM": "vt100"})
            text = done.stdout.decode()
            self.assertIn(marks, text)
            self.assertIn("origin.bad-gateway", text)
            self.assertLessEqual(max(len(line) for line in text.splitlines()), 80)

    def test_wrong_usage_is_one_line(self) -> None:
        for arguments in ([], ["http://"], ["http://a.example/", "--webhook", "ftp://x"], ["http://a.example/", "--data", "x=1"],
                          ["http://a.example/", "--give-up", "-3"], ["http://a.example/", "--html", "x.html"]):
            done = subprocess.run([BINARY, "watch", *arguments], capture_output=True, text=True, cwd=self.place,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.place)})
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), (arguments, done))
        for arguments in (["--since", "yesterday"], ["--since"], ["--what"], ["http://"], ["a.example", "b.example"]):
            done = subprocess.run([BINARY, "history", *arguments], capture_output=True, text=True,
                                  env={"PATH": os.environ["PATH"], "HOME": str(self.place)})
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), (arguments, done))


unittest.main(argv=sys.argv[:1] + sys.argv[3:])
