#!/usr/bin/python3
"""What `fix502 logs` promises as a command: command.py BINARY. Exit statuses, standard input, every shape, --follow through rotation."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

BINARY = sys.argv.pop(1)
LINE = ('{when} [error] 12#12: *{number} connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, '
        'server: a.test, request: "GET /x{number} HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test"\n')


def line(number, when="2026/11/22 05:00:00"):
    return LINE.format(when=when, number=number)


def run(*arguments, data=None):
    return subprocess.run([BINARY, "logs", *arguments], capture_output=True, input=data, env=dict(os.environ, TZ="UTC"), timeout=60)


class Command(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory(prefix="fix502-logs-")
        self.folder = Path(self.kept.name)
        self.log = self.folder / "error.log"
        self.log.write_text("".join(line(i) for i in range(5)))

    def tearDown(self):
        self.kept.cleanup()

    def test_exit_statuses(self):
        self.assertEqual(run(str(self.log)).returncode, 1)
        (self.folder / "empty.log").write_text("")
        self.assertEqual(run(str(self.folder / "empty.log")).returncode, 0)
        for bad in ([], ["/nowhere"], ["--gap", "soon", str(self.log)], ["--timezone", "../x", str(self.log)], ["--frob", str(self.log)],
                    ["--since", "whenever", str(self.log)]):
            done = run(*bad)
            self.assertEqual((done.returncode, done.stdout), (2, b""), bad)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def test_standard_input_and_names_with_a_star(self):
        report = json.loads(run("--json", "-", data=self.log.read_bytes()).stdout)
        self.assertEqual(report["incidents"][0]["failed"], 5)
        report = json.loads(run("--json", str(self.folder / "*.log")).stdout)
        self.assertEqual(report["incidents"][0]["failed"], 5)

    def test_what_is_of_no_known_format_is_said(self):
        unknown = self.folder / "unknown.log"
        unknown.write_text("nothing that anybody knows 1\n" * 20)
        done = run(str(unknown))
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"nothing that anybody knows", done.stderr)
        done = run("--json", str(self.folder))  # others are
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(json.loads(done.stdout)["problems"]), 1)

    def test_nobody_says_whose_answer_it_was_without_an_error_log(self):
        access = "".join(f'192.0.2.7 - - [22/Nov/2026:05:00:0{i} +0000] "GET /x HTTP/1.1" 502 157 "-" "curl"\n' for i in range(9))
        (self.folder / "unknown.bin").write_bytes(b"\x00\x01 no log\n" * 99)
        self.log.unlink()
        (self.folder / "access.log").write_text(access)
        for report in (run("--json", str(self.folder)), run("--json", "-", data=access.encode())):
            incident = json.loads(report.stdout)["incidents"][0]
            self.assertEqual((incident["failed"], incident["made_by"]), (9, None))

    def test_since_and_until(self):
        self.log.write_text("".join(line(i, f"2026/11/22 0{i}:00:00") for i in range(9)))
        report = json.loads(run("--json", "--since", "2026-11-22 02:00", "--until", "2026-11-22 05:00", str(self.log)).stdout)
        self.assertEqual([i["failed"] for i in report["incidents"]], [1, 1, 1, 1])
        report = json.loads(run("--json", "--gap", "1h", str(self.log)).stdout)
        self.assertEqual([i["failed"] for i in report["incidents"]], [9])

    def test_every_shape(self):
        paths = {name: self.folder / f"out.{name}" for name in ("html", "markdown", "metrics", "sqlite")}
        done = run(*(part for name, path in paths.items() for part in (f"--{name}", str(path))), str(self.log))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(all(len(text) <= 80 for text in done.stdout.decode().splitlines()))
        self.assertIn("upstream.connection-refused", paths["html"].read_text())
        self.assertIn("| 5 | ? | upstream.connection-refused |", paths["markdown"].read_text())
        self.assertTrue(paths["metrics"].read_text().endswith("# EOF\n"))
        with sqlite3.connect(paths["sqlite"]) as database:
            self.assertEqual(database.execute("SELECT count(*), min(upstream) FROM failures").fetchone(), (5, "127.0.0.1:81"))
            self.assertEqual(database.execute("SELECT failed FROM incidents").fetchall(), [(5,)])

    def test_hostile_bytes_do_not_reach_the_terminal(self):
        self.log.write_bytes(line(1).replace("/x1", "/\x1b[31m\u202e").encode())
        self.assertNotIn(b"\x1b", run(str(self.log)).stdout)
        self.assertNotIn(b"\x1b", run("--json", str(self.log)).stdout)

    def test_follow_loses_and_doubles_nothing(self):
        def now():
            return datetime.now(timezone.utc).strftime("%Y/%m/%d %H:%M:%S")

        # A line that stands there already is read too with --since, so that its incident says when following has begun.
        self.log.write_text(line(100, now()))
        follow = subprocess.Popen([BINARY, "logs", "--json", "--follow", "--since", "1h", str(self.log)], stdout=subprocess.PIPE,
                                  env=dict(os.environ, TZ="UTC"))
        first = json.loads(follow.stdout.readline())
        self.assertEqual(first["failed"], 1)
        number = 100
        for rotation in range(100):
            with open(self.log, "a") as log:
                for _ in range(7):
                    number += 1
                    text = line(number, now())
                    log.write(text[:40])  # a line that is not whole when it may be seen
                    log.flush()
                    log.write(text[40:])
                os.replace(self.log, self.folder / f"error.log.{100 - rotation}")
                number += 1
                log.write(line(number, now()))  # by a gateway that has not been told yet
            self.log.touch()
        follow.send_signal(signal.SIGINT)  # what has been written until then is still read
        out = follow.communicate(timeout=60)[0].decode().splitlines()
        self.assertEqual(follow.returncode, 1)
        report = json.loads(out[-1])
        self.assertEqual(sum(i["failed"] for i in report["incidents"]), 1 + 100 * 8)


if __name__ == "__main__":
    unittest.main()
