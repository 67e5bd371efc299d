"""/probe against the real blackbox_exporter, and a real Prometheus that scrapes it: collector.py FIX502 FAULTD"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import quote

from collector_tools import Running, certificate, fetched, free_port, parsed
from serving import SOON, Faulty, Serve, site

BINARY, FAULTD = (Path(argument).resolve() for argument in sys.argv[1:3])
ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "data/prometheus"
# Measured anew by each of the two.
TIMES = {"probe_dns_lookup_time_seconds", "probe_duration_seconds", "probe_http_duration_seconds"}


@unittest.skipUnless(shutil.which("prometheus-blackbox-exporter"), "needs prometheus-blackbox-exporter")
class LikeBlackbox(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="fix502-blackbox-")
        cls.addClassCleanup(place.cleanup)
        config = Path(place.name) / "blackbox.yml"
        config.write_text("modules: {http_2xx: {prober: http}, http_post_2xx: {prober: http, http: {method: POST}}, tcp_connect: {prober: tcp}}")
        cls.tls = certificate(Path(place.name))
        trusting = {"SSL_CERT_FILE": cls.tls["certificate"]}
        port = free_port()
        cls.other = f"http://127.0.0.1:{port}"
        running = Running("prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}",
                          environment=trusting)
        cls.addClassCleanup(running.__exit__)
        cls.serve = Serve(BINARY, environment=trusting)
        cls.addClassCleanup(cls.serve.__exit__)
        fetched(cls.other)
        cls.faulty = Faulty(
            FAULTD, site("good", headers=[["Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT"]], body="x" * 5000), site("bad", status=502),
            site("missing", status=404), site("packed", gzip=True, body="y" * 5000), site("chunked", framing="chunked", body="z" * 3000),
            {**site("secure", body="s" * 100), "tls": cls.tls},
            {**site("expired"), "tls": {"self_signed": {"names": ["127.0.0.1"], "from_days": -9, "until_days": -2}}},
            {"name": "moved", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                {"match": {"path": "/"}, "answer": {"status": 302, "headers": [["Location", "/there"]], "body": ""}}, {"answer": {}}]},
            {"name": "round", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                {"answer": {"status": 302, "headers": [["Location", "/"]], "body": ""}}]})
        cls.addClassCleanup(cls.faulty.__exit__)

    def both(self, target, module="http_2xx"):
        path = f"/probe?target={quote(target, safe='')}&module={module}"
        return parsed(self.serve.get(path, token=False).body.decode()), parsed(fetched(self.other + path))

    def compare(self, target, module="http_2xx", differ=()):
        (about, values), (their_about, their_values) = self.both(target, module)
        for name, words in their_about.items():
            self.assertEqual(about.get(name), words, f"{target}: {name}")
        ours = {name for name in values if name.startswith("probe_")}
        self.assertEqual(ours, set(their_values), target)
        for name in ours - set(differ):
            if name.split("{")[0] not in TIMES:
                self.assertAlmostEqual(values[name], their_values[name], delta=abs(their_values[name]) * 0.05, msg=f"{target}: {name}")
            else:
                self.assertTrue(0 <= values[name] < 5, f"{target}: {name} {values[name]}")
        return values

    def at(self, name):
        return f"http://127.0.0.1:{self.faulty.ports[name]}/"

    def test_pages_of_every_kind(self):
        for name in ("good", "missing", "packed", "chunked", "moved"):
            values = self.compare(self.at(name))
            self.assertEqual(values["probe_success"], name != "missing")
        self.compare(self.at("good"), "http_post_2xx")
        secure = self.compare(self.at("secure").replace("http:", "https:"))
        self.assertEqual((secure["probe_success"], secure["probe_http_ssl"]), (1, 1))
        self.compare(self.at("good").removeprefix("http://"))

    def test_failures(self):
        self.compare(self.at("bad"))
        self.compare(self.at("expired").replace("http:", "https:"))
        self.compare(f"http://127.0.0.1:{free_port()}/")
        # Which redirect is one too many: Go's client counts requests. Both have failed.
        values = self.compare(self.at("round"), differ=("probe_http_redirects", "probe_http_status_code", "probe_http_content_length"))
        self.assertEqual(values["probe_success"], 0)

    def test_tcp(self):
        self.assertEqual(self.compare(f"127.0.0.1:{self.faulty.ports['good']}", "tcp_connect")["probe_success"], 1)
        self.assertEqual(self.compare(f"127.0.0.1:{free_port()}", "tcp_connect")["probe_success"], 0)

    def test_says_what_is_wrong_with_the_question(self):
        for query in ("target=", "target=x&module=no-such", "module=http_2xx"):
            self.assertEqual(self.serve.get(f"/probe?{query}", token=False).status, 400)

    def test_the_verdict_comes_with_the_failure_and_is_not_made_anew(self):
        with Faulty(FAULTD, site("bad", status=502, headers=[["Server", "nginx/1.22.1"]],
                                 body="<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
                                      "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"), log="requests.jsonl") as faulty:
            path = f"/probe?target=http://127.0.0.1:{faulty.ports['bad']}/"
            log = Path(faulty.folder.name) / "requests.jsonl"
            values = parsed(self.serve.get(path, token=False).body.decode())[1]
            found = [name for name in values if name.startswith("fix502_verdict_info")]
            self.assertEqual(len(found), 1, values)
            self.assertIn('fault="origin.bad-gateway",hop="origin",side="owner"', found[0])
            asked = len(log.read_text().splitlines())
            self.assertLessEqual(asked, 1 + 12 + 8)  # the probe, and a bounded diagnosis of it, its connections among the lines
            for _ in range(20):
                again = parsed(self.serve.get(path, token=False).body.decode())[1]
                self.assertEqual([name for name in again if name.startswith("fix502_verdict_info")], found)
            requests = [json.loads(line) for line in log.read_text().splitlines()[asked:]]
            self.assertEqual(sum(one.get("event") == "http" for one in requests), 20)


class Promtool(unittest.TestCase):
    def test_files(self):
        for command in (["check", "config", RULES / "prometheus.yml"], ["test", "rules", ROOT / "tests/serve/alerts_test.yml"]):
            done = subprocess.run(["promtool", *command], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class RealPrometheus(unittest.TestCase):
    def test_scrapes_and_alerts(self):
        check = site("check", status=204, type="", body="")
        bad = site("bad", status=502, body="<html><title>502 Bad Gateway</title><center>nginx</center></html>")
        with Faulty(FAULTD, check, bad, site("good")) as faulty, tempfile.TemporaryDirectory(prefix="fix502-prometheus-") as place:
            page = {name: f"http://127.0.0.1:{port}/" for name, port in faulty.ports.items()}
            options = ["--connectivity-check", page["check"], "--compare-resolver", "none", "--no-authoritative"]
            with Serve(BINARY, *options, alone=False) as serve:
                scrape = (RULES / "prometheus.yml").read_text().replace("127.0.0.1:9502", f"127.0.0.1:{serve.port}")
                scrape = scrape.replace("https://shop.example/", page["bad"]).replace("https://www.example/", page["good"])
                scrape = scrape.replace("scrape_interval: 30s", "scrape_interval: 2s\n  evaluation_interval: 1s")
                scrape = scrape.replace("scrape_timeout: 15s", "scrape_timeout: 2s")
                (Path(place) / "prometheus.yml").write_text(scrape)
                (Path(place) / "alerts.yml").write_text(re.sub(r"for: \w+", "for: 1s", (RULES / "alerts.yml").read_text()))
                port = free_port()
                with Running("prometheus", f"--config.file={place}/prometheus.yml", f"--storage.tsdb.path={place}/data",
                             f"--web.listen-address=127.0.0.1:{port}"):
                    api = f"http://127.0.0.1:{port}/api/v1"
                    self.assertTrue(self.wait_for(api, "/query?query=probe_success", lambda found: len(found["result"]) == 2))
                    success = {one["metric"]["instance"]: one["value"][1] for one in self.ask(api, "/query?query=probe_success")["result"]}
                    self.assertEqual(success, {page["bad"]: "0", page["good"]: "1"})
                    firing = self.wait_for(api, "/alerts", lambda found: any(
                        one["labels"]["alertname"] == "PageFails" and one["state"] == "firing" for one in found["alerts"]))
                    alert = next(one for one in firing["alerts"] if one["labels"]["alertname"] == "PageFails")
                    self.assertEqual(alert["annotations"]["summary"], f"{page['bad']} fails: origin.bad-gateway")
                    self.assertIn("on the side of the owner", alert["annotations"]["description"])
                    observer = self.ask(api, '/query?query=fix502_observer_success{job="fix502"}')["result"]
                    self.assertEqual([one["value"][1] for one in observer], ["1"])
                    targets = self.ask(api, "/targets")["activeTargets"]
                    self.assertEqual({one["health"] for one in targets}, {"up"}, targets)

    def ask(self, api, path):
        return json.loads(fetched(api + path))["data"]

    def wait_for(self, api, path, holds):
        end = time.monotonic() + 2 * SOON
        while time.monotonic() < end:
            try:
                found = self.ask(api, path)
                if holds(found):
                    return found
            except OSError:
                pass  # it is not ready yet
            time.sleep(0.3)
        self.fail(f"in vain: {path}: {found}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
