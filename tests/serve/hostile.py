"""Clients that mean no good, and many at once: hostile.py FIX502 FAULTD"""
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from serving import ALONE, Faulty, Serve, site

BINARY, FAULTD = (Path(argument).resolve() for argument in sys.argv[1:3])
MIB = 1024 * 1024
TOKEN = "a-token-that-only-friends-know"


def certificate(place):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=fix502",
                    "-out", place / "cert.pem", "-keyout", place / "key.pem"], check=True, capture_output=True)


class Others:
    """A server for others: on every address, with TLS and a token. Asked over loopback."""

    def __init__(self, *options):
        self.place = tempfile.TemporaryDirectory(prefix="fix502-others-")
        place = Path(self.place.name)
        certificate(place)
        (place / "token").write_text(TOKEN + "\n")
        self.serve = Serve(BINARY, "--token-file", str(place / "token"), "--tls-cert", str(place / "cert.pem"), "--tls-key", str(place / "key.pem"),
                           *options, listen="0.0.0.0:0")
        self.serve.host, self.serve.token = "127.0.0.1", TOKEN

    def __enter__(self):
        return self.serve

    def __exit__(self, *_):
        self.serve.__exit__()
        self.place.cleanup()


class Loopback(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve = Serve(BINARY)
        cls.addClassCleanup(cls.serve.__exit__)
        cls.faulty = Faulty(FAULTD, site("good"), {"name": "silent", "protocol": "tcp", "address": "127.0.0.1", "port": 0, "do": "silent"})
        cls.addClassCleanup(cls.faulty.__exit__)

    def test_only_its_own_host_is_answered(self):
        for host in ("evil.example", f"evil.example:{self.serve.port}", "127.0.0.1", "127.0.0.1:1", "192.168.1.1", "", "localhost.evil.example",
                     f"127.0.0.1.evil.example:{self.serve.port}", f"[::2]:{self.serve.port}"):
            for path in ("/", "/metrics", "/probe?target=x", "/api/about"):
                self.assertEqual(self.serve.get(path, fields={"Host": host}).status, 403 if host else 403, (host, path))
        for host in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
            self.assertEqual(self.serve.get("/metrics", fields={"Host": f"{host}:{self.serve.port}"}).status, 200, host)

    def test_pages_of_others_are_refused(self):
        own = f"http://127.0.0.1:{self.serve.port}"
        ways = [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https" + own[4:]}, {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost:1"}]
        for fields in ways:
            for method, path, body in (("POST", "/api/diagnoses", {"url": "http://127.0.0.1:1/"}), ("POST", "/api/session", {"key": "x"}),
                                       ("DELETE", "/api/watches/w1", None), ("GET", "/probe?target=http://127.0.0.1:1/", None), ("GET", "/api/history", None)):
                self.assertEqual(self.serve.ask(method, path, body, fields=fields).status, 403, (fields, path))
        self.assertEqual(self.serve.get("/api/about", fields={"Origin": own, "Sec-Fetch-Site": "same-origin"}).status, 200)
        # A link to the page is followed; what it opens is the page itself.
        navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        self.assertNotEqual(self.serve.get("/", fields=navigation).status, 403)
        self.assertEqual(self.serve.get("/probe?target=x", fields={**navigation, "Sec-Fetch-Dest": "iframe"}).status, 403)

    def test_the_token_is_needed_and_not_told(self):
        for token in ("", "Bearer", f"Bearer {self.serve.token[:-1]}", f"Bearer {self.serve.token}x", f"Basic {self.serve.token}"):
            self.assertEqual(self.serve.get("/api/about", token=False, fields={"Authorization": token}).status, 401)
        self.assertEqual(self.serve.get(f"/api/about?access_token={self.serve.token}", token=False).status, 401)
        self.assertEqual(self.serve.post("/api/session", {"key": ""}, token=False).status, 403)
        self.assertNotIn(self.serve.token.encode(), self.serve.get("/metrics").body)
        self.assertNotIn(self.serve.token, " ".join(Path(f"/proc/{self.serve.process.pid}/cmdline").read_text().split("\0")))

    def test_every_reply_forbids_what_is_not_needed(self):
        for path in ("/", "/metrics", "/api/about", "/no-such-file"):
            fields = self.serve.get(path).fields
            self.assertIn("default-src 'none'", fields["Content-Security-Policy"])
            self.assertNotIn("unsafe", fields["Content-Security-Policy"])
            self.assertEqual(fields["X-Content-Type-Options"], "nosniff")

    def test_malformed_requests(self):
        host = f"Host: 127.0.0.1:{self.serve.port}\r\n".encode()
        cases = [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /%zz HTTP/1.1\r\n" + host + b"\r\n", b"GET /%00 HTTP/1.1\r\n" + host + b"\r\n",
                 b"GET / HTTP/1.1\r\n" + host + host + b"\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\n" + host + b"\r\n",
                 b"GET / HTTP/1.1\r\n" + host + b"a: " + b"x" * 20_000 + b"\r\n\r\n", b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                 b"POST /api/diagnoses HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
                 b"POST /api/diagnoses HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 b"POST /api/diagnoses HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + host + b"bad header line\r\n\r\n", bytes(range(256)) * 10, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
                 b"GET /?" + b"a&" * 3000 + b" HTTP/1.1\r\n" + host + b"\r\n"]
        for case in cases:
            got = self.serve.raw(case + b"", timeout=20)
            if got:
                self.assertIn(got.split(b" ")[1], (b"400", b"403", b"413", b"431"), (case[:60], got[:80]))
        self.assertEqual(self.serve.get("/api/about").status, 200)

    def test_json_that_is_no_order(self):
        deep = "[" * 30_000 + "]" * 30_000
        for body in (deep, '{"url":' + deep[:60_000] + "}", "null", '{"url":"\\ud800"}', '{"url":"http://a\\u0000b/"}', b'{"url":"http://\xff/"}', "9" * 60_000):
            self.assertEqual(self.serve.post("/api/diagnoses", body).status, 400, body[:40])

    def test_a_body_of_100_mb_is_not_read(self):
        before = self.serve.memory()
        for framing in (f"Content-Length: {100 * MIB}\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"):
            head = f"POST /api/diagnoses HTTP/1.1\r\nHost: 127.0.0.1:{self.serve.port}\r\nAuthorization: Bearer {self.serve.token}\r\n" + framing
            with socket.create_connection(("127.0.0.1", self.serve.port), timeout=20) as connection:
                connection.sendall(head.encode())
                got, sent = b"", 0
                connection.settimeout(20)
                piece = b"x" * MIB if "Length" in framing else b"100000\r\n" + b"x" * MIB + b"\r\n"
                try:
                    while sent < 100:
                        connection.sendall(piece)
                        sent += 1
                except OSError:
                    pass
                try:
                    got = connection.recv(65536)
                except OSError:
                    pass
            self.assertLess(sent, 100)
            if got:
                self.assertIn(b" 413 ", got.split(b"\r\n")[0])
        self.assertLess(self.serve.memory() - before, 20 * MIB * self.serve.room)

    def test_a_slow_loris_is_shown_the_door(self):
        slow = [socket.create_connection(("127.0.0.1", self.serve.port)) for _ in range(50)]
        began = time.monotonic()
        left = set(slow)
        while left and time.monotonic() - began < 120:
            for one in list(left):
                try:
                    one.sendall(b"X")
                    one.settimeout(0.01)
                    if one.recv(1) == b"":
                        left.discard(one)
                except TimeoutError:
                    pass
                except OSError:
                    left.discard(one)
            self.assertEqual(self.serve.get("/api/about").status, 200)
            time.sleep(0.5)
        self.assertFalse(left, "they are still there")
        self.assertGreater(time.monotonic() - began, 5)  # each was given a fair time
        for one in slow:
            one.close()

    def test_ten_thousand_idle_connections(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        count = min(10_000, hard - 500)
        before = self.serve.memory()
        idle = []
        for i in range(count):
            # Other addresses of loopback: one client's ports are not enough for all tests at once.
            one = socket.socket()
            one.bind((f"127.0.1.{1 + i % 20}", 0))
            one.connect(("127.0.0.1", self.serve.port))
            idle.append(one)
            if i % 500 == 0:
                self.assertEqual(self.serve.get("/api/about").status, 200)
        grown = self.serve.memory() - before
        figures = dict(line.rsplit(" ", 1) for line in self.serve.get("/metrics").body.decode().splitlines() if not line.startswith("#"))
        for one in idle:
            one.close()
        self.assertGreaterEqual(count, 9_000)
        self.assertLess(grown, 60 * MIB * self.serve.room)
        # The others made room, or had been idle for too long by the time that a slow machine had opened them all.
        self.assertLess(float(figures["fix502_http_connections"]), 2500)
        self.assertGreater(float(figures["fix502_http_evicted_total"]), 0)

    def test_a_slow_reader_costs_nobody_else_anything(self):
        number = self.serve.post("/api/diagnoses", {"url": f"http://127.0.0.1:{self.faulty.ports['good']}/"}).json["id"]
        path = f"/api/diagnoses/{number}/events"
        slow = []
        for _ in range(50):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect(("127.0.0.1", self.serve.port))
            one.sendall(f"GET {path}?access_token={self.serve.token} HTTP/1.1\r\nHost: 127.0.0.1:{self.serve.port}\r\n\r\n".encode())
            slow.append(one)
        whole = list(self.serve.events(path))
        self.assertEqual(whole[-1][1], "end")
        self.assertEqual(list(self.serve.events(path)), whole)
        for one in slow:
            one.close()

    def test_two_hundred_diagnoses_at_once(self):
        with Serve(BINARY) as serve:
            page = f"http://127.0.0.1:{self.faulty.ports['silent']}/"
            numbers = [serve.post("/api/diagnoses", {"url": page, "options": {"timeout_s": 25}}) for _ in range(200)]
            self.assertEqual({one.status for one in numbers}, {201})
            beyond = serve.post("/api/diagnoses", {"url": page})
            self.assertEqual(beyond.status, 503)
            self.assertGreater(int(beyond.fields["Retry-After"]), 0)
            self.assertEqual(serve.get("/api/about").status, 200)
            self.assertLess(serve.memory(), 700 * MIB * serve.room)
            ends = {}

            def read(number):
                ends[number] = list(serve.events(f"/api/diagnoses/{number}/events", timeout=200))[-1]

            readers = [threading.Thread(target=read, args=(one.json["id"],)) for one in numbers]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            self.assertEqual(len(ends), 200)
            self.assertEqual({(name, data["state"]) for _, name, data in ends.values()}, {("end", "done")})


class ForOthers(unittest.TestCase):
    def test_needs_a_token_and_tls(self):
        with tempfile.TemporaryDirectory() as place:
            place = Path(place)
            certificate(place)
            (place / "token").write_text(TOKEN)
            (place / "short").write_text("short")
            tls = ["--tls-cert", place / "cert.pem", "--tls-key", place / "key.pem"]
            for options in ([], ["--token-file", place / "token"], tls, ["--token-file", place / "nowhere", *tls], ["--token-file", place / "short", *tls],
                            ["--token-file", place / "token", "--tls-cert", place / "cert.pem"], ["--token-file", place / "token", "--tls-cert", place / "token", "--tls-key", place / "token"],
                            ["--token-file", place / "token", *tls, "--allow", "everything"], ["--token-file", place / "token", *tls, "--open"]):
                done = subprocess.run([BINARY, "serve", "--listen", "0.0.0.0:0", *ALONE, *options], capture_output=True, text=True, timeout=30)
                self.assertEqual((done.returncode, done.stdout), (2, ""), options)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for listen in ("nowhere", "127.0.0.1", "127.0.0.1:x", "shop.example:80", "127.0.0.1:99999"):
            done = subprocess.run([BINARY, "serve", "--listen", listen], capture_output=True, text=True, timeout=30)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), listen)

    def test_probes_nothing_that_was_not_allowed(self):
        with Faulty(FAULTD, site("good"), {"name": "away", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                {"answer": {"status": 302, "headers": [["Location", "http://169.254.169.254/latest/meta-data/"]], "body": ""}}]},
                {"name": "inside", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                    {"answer": {"status": 302, "headers": [["Location", "http://127.0.0.2:1/"]], "body": ""}}]}, log="requests.jsonl") as faulty:
            good, away, inside = (f"http://127.0.0.1:{faulty.ports[name]}/" for name in ("good", "away", "inside"))
            log = Path(faulty.folder.name) / "requests.jsonl"
            with Others() as serve:
                for url in (good, "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/", "http://[::1]/", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/",
                            "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://100.64.0.1/"):
                    self.assertEqual(serve.post("/api/diagnoses", {"url": url}).status, 403, url)
                    self.assertEqual(serve.post("/api/watches", {"url": url}).status, 403, url)
                    self.assertEqual(serve.get(f"/probe?target={url}").status, 403, url)
                # A name that leads there is found out after its resolution: localhost is in every hosts file.
                named = good.replace("127.0.0.1", "localhost")
                self.refused(serve, named, named)
                self.assertEqual(log.read_text(), "")  # nothing was sent
            # Allowed, and led astray by a redirect.
            with Others("--allow", "127.0.0.1") as serve:
                self.assertEqual(serve.diagnose(url=good)["report"]["verdict"]["outcome"], "healthy")
                self.refused(serve, away, "http://169.254.169.254/")
                self.refused(serve, inside, "http://127.0.0.2:1/")
        # Link-local addresses are refused on loopback as well.
        with Serve(BINARY) as serve:
            self.assertEqual(serve.get("/probe?target=http://169.254.169.254/").status, 403)
        with Serve(BINARY, "--allow", "169.254.0.0/16") as serve:
            self.assertEqual(serve.get("/probe?target=http://169.254.0.0/&module=tcp_connect").status, 400)

    def refused(self, serve, page, where):
        """Nobody is blamed for what was not asked."""
        diagnosis = serve.diagnose(url=page, options={"timeout_s": 6})
        self.assertEqual((diagnosis["state"], diagnosis["report"]), ("failed", None))
        events = list(serve.events(f"/api/diagnoses/{diagnosis['id']}/events"))
        self.assertIn(f"it leads to {where}", events[-1][2]["detail"])
        probed = serve.get(f"/probe?target={page}").body.decode()
        self.assertIn("probe_success 0", probed)
        self.assertNotIn("fix502_verdict_info", probed)

    def test_everything_needs_the_token_and_remedies_are_not_for_others(self):
        with Others() as serve:
            for path in ("/metrics", "/probe?target=http://example.com/", "/api/about", "/api/history"):
                self.assertEqual(serve.get(path, token=False).status, 401, path)
            self.assertEqual(serve.get("/metrics").status, 200)
            self.assertTrue(serve.get("/api/about").json["serving_others"])
            self.assertEqual(serve.get("/api/remedies").status, 403)
            self.assertEqual(serve.post("/api/remedies/flush-dns/apply", {"url": "http://example.com/"}).status, 403)
            for options in ({"proxy": "http://127.0.0.1:1"}, {"browser_profiles": ["/root"]}, {"browsers": "always"}):
                self.assertEqual(serve.post("/api/diagnoses", {"url": "http://example.com/", "options": options}).status, 400)
            # Without TLS there is nothing to be had.
            with socket.create_connection(("127.0.0.1", serve.port), timeout=20) as plain:
                plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertNotIn(b"HTTP/1.1 200", plain.recv(4096))
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            with socket.create_connection(("127.0.0.1", serve.port), timeout=20) as one, old.wrap_socket(one) as secure:
                self.assertEqual(secure.version(), "TLSv1.2")

    def test_a_client_that_asks_too_often_waits(self):
        with Others("--rate-limit", "5", "--allow", "127.0.0.1") as serve:
            answers = [serve.post("/api/diagnoses", {"url": "http://127.0.0.1:1/"}) for _ in range(8)]
            self.assertEqual([one.status for one in answers], [201] * 5 + [429] * 3)
            self.assertGreater(int(answers[-1].fields["Retry-After"]), 0)
            probes = [serve.get("/probe?target=127.0.0.1:1&module=tcp_connect").status for _ in range(300)]
            self.assertIn(429, probes)

    def test_a_name_is_held_to(self):
        with Others("--name", "fix502.example") as serve:
            self.assertEqual(serve.get("/metrics", fields={"Host": "evil.example"}).status, 403)
            self.assertEqual(serve.get("/metrics", fields={"Host": f"fix502.example:{serve.port}"}).status, 200)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
