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


class Compared(unittest.TestCase):
    """Both probe; what they say is compared."""

    @classmethod
    def start(cls, modules, *options):
        place = tempfile.TemporaryDirectory(prefix="fix502-blackbox-")
        cls.addClassCleanup(place.cleanup)
        cls.place = Path(place.name)
        cls.config = cls.place / "blackbox.yml"
        cls.config.write_text(modules)
        cls.tls = certificate(cls.place)
        trusting = {"SSL_CERT_FILE": cls.tls["certificate"]}
        port = free_port()
        cls.other = f"http://127.0.0.1:{port}"
        running = Running("prometheus-blackbox-exporter", f"--config.file={cls.config}", f"--web.listen-address=127.0.0.1:{port}",
                          environment=trusting)
        cls.addClassCleanup(running.__exit__)
        cls.serve = Serve(BINARY, *options, environment=trusting)
        cls.addClassCleanup(cls.serve.__exit__)
        fetched(cls.other)

    @classmethod
    def serve_pages(cls, *listeners):
        cls.faulty = Faulty(FAULTD, *listeners)
        cls.addClassCleanup(cls.faulty.__exit__)

    def both(self, target, module="http_2xx", more=""):
        path = f"/probe?target={quote(target, safe='')}&module={module}{more}"
        return parsed(self.serve.get(path, token=False).body.decode()), parsed(fetched(self.other + path))

    def compare(self, target, module="http_2xx", differ=(), more=""):
        about = f"{target} {module}"
        (words, values), (their_words, their_values) = self.both(target, module, more)
        for name, said in their_words.items():
            self.assertEqual(words.get(name), said, f"{about}: {name}")
        ours = {name for name in values if name.startswith("probe_")}
        self.assertEqual(ours, set(their_values), about)
        for name in ours - set(differ):
            if name.split("{")[0] not in TIMES:
                self.assertAlmostEqual(values[name], their_values[name], delta=abs(their_values[name]) * 0.05, msg=f"{about}: {name}")
            else:
                self.assertTrue(0 <= values[name] < 5, f"{about}: {name} {values[name]}")
        return values

    def at(self, name):
        return f"http://127.0.0.1:{self.faulty.ports[name]}/"


@unittest.skipUnless(shutil.which("prometheus-blackbox-exporter"), "needs prometheus-blackbox-exporter")
class LikeBlackbox(Compared):
    @classmethod
    def setUpClass(cls):
        cls.start("modules: {http_2xx: {prober: http}, http_post_2xx: {prober: http, http: {method: POST}}, tcp_connect: {prober: tcp}}")
        cls.serve_pages(
            site("good", headers=[["Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT"]], body="x" * 5000), site("bad", status=502),
            site("missing", status=404), site("packed", gzip=True, body="y" * 5000), site("chunked", framing="chunked", body="z" * 3000),
            {**site("secure", body="s" * 100), "tls": cls.tls},
            {**site("expired"), "tls": {"self_signed": {"names": ["127.0.0.1"], "from_days": -9, "until_days": -2}}},
            {"name": "moved", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                {"match": {"path": "/"}, "answer": {"status": 302, "headers": [["Location", "/there"]], "body": ""}}, {"answer": {}}]},
            *({**site(name), "routes": [{"answer": {"kind": "redirect", "to": to}}]} for name, to in (("nowhere", "ftp://127.0.0.1/"), ("gone", "http://127.0.0.1:1/"))),
            {"name": "round", "protocol": "http", "address": "127.0.0.1", "port": 0, "routes": [
                {"answer": {"status": 302, "headers": [["Location", "/"]], "body": ""}}]})

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
        for name in ("round", "nowhere", "gone"):
            self.assertEqual(self.compare(self.at(name))["probe_success"], 0)

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


# Everything that a module can say here, each compared with what blackbox_exporter makes of it.
MODULES = r"""modules:
  http_2xx: {prober: http}
  named: {prober: http, http: {valid_status_codes: [404, 502]}}
  stay: {prober: http, http: {follow_redirects: false}}
  stay_302: {prober: http, http: {no_follow_redirects: true, valid_status_codes: [302]}}
  stay_body: {prober: http, http: {follow_redirects: false, valid_status_codes: [302], fail_if_body_not_matches_regexp: [x]}}
  must: {prober: http, http: {fail_if_body_not_matches_regexp: ['x{10}$', '^<!doctype']}}
  must_not: {prober: http, http: {fail_if_body_matches_regexp: ['(?i)no such', 'X{5}']}}
  must_not_x: {prober: http, http: {fail_if_body_matches_regexp: ['(?i)X{5}']}}
  field: {prober: http, http: {fail_if_header_not_matches: [{header: last-modified, regexp: 'GMT$'}]}}
  no_field: {prober: http, http: {fail_if_header_matches: [{header: Last-Modified, regexp: '2026', allow_missing: true}]}}
  versions: {prober: http, http: {valid_http_versions: ["HTTP/1.0", "HTTP/2.0"]}}
  version: {prober: http, http: {valid_http_versions: ["HTTP/1.1"]}}
  only_ssl: {prober: http, http: {fail_if_not_ssl: true}}
  never_ssl: {prober: http, http: {fail_if_ssl: true}}
  trusting: {prober: http, http: {tls_config: {insecure_skip_verify: true}, enable_http2: false}}
  host: &host {prober: http, http: {headers: {Host: shop.example, X-Who: me, User-Agent: probe}}}
  server_name: {prober: http, http: {tls_config: {server_name: shop.example}}}
  put: {prober: http, http: {method: PUT, body: '{"a": 1}'}}
  basic: {prober: http, http: {basic_auth: {username: me, password: secret}}}
  bearer: {prober: http, http: {bearer_token: secret}}
  token: {prober: http, http: {authorization: {type: Token, credentials: secret}}}
  gzip: {prober: http, http: {compression: gzip, headers: {Accept-Encoding: gzip}, fail_if_body_not_matches_regexp: ['^y+$']}}
  ip4: {prober: http, http: {preferred_ip_protocol: ip4}}
  ip6: {prober: http, http: {preferred_ip_protocol: ip6}}
  ip4_only: {prober: http, http: {preferred_ip_protocol: ip4, ip_protocol_fallback: false}}
  ip6_only: {prober: http, http: {ip_protocol_fallback: false}}
  quick: {prober: http, timeout: 500ms}
  tcp4: {prober: tcp, timeout: 5s, tcp: {preferred_ip_protocol: ip4}}
  tcp6_only: {prober: tcp, tcp: {ip_protocol_fallback: false}}
  merged: {<<: *host, timeout: 4s}
  icmp: {prober: icmp, icmp: {ttl: 5}}
  ssh: {prober: tcp, tcp: {query_response: [{expect: "^SSH"}]}}
"""


def picky(name, *, otherwise=403, **wanted):
    """A listener that is content with some requests only."""
    return {"name": name, "protocol": "http", "address": "127.0.0.1", "port": 0,
            "routes": [{"match": wanted, "answer": {"body": "x" * 50}}, {"answer": {"status": otherwise}}]}


@unittest.skipUnless(shutil.which("prometheus-blackbox-exporter"), "needs prometheus-blackbox-exporter")
class Modules(Compared):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="fix502-modules-")
        cls.addClassCleanup(place.cleanup)
        file = Path(place.name) / "blackbox.yml"
        file.write_text(MODULES)
        cls.start(MODULES, "--probe-modules", file)
        redirect = {"status": 302, "headers": [["Location", "/there"]], "body": "moved"}
        kept = {"status": 307, "headers": [["Location", "/there"]], "body": ""}
        who = {"path": "/there", "host": "shop.example", "header": [{"name": "x-who", "is": "me"}, {"name": "user-agent", "is": "probe"}]}
        put = {"method": "PUT", "min_body_bytes": 8, "no_header": "content-type"}
        cls.serve_pages(
            site("good", headers=[["Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT"]], body="<!doctype html>" + "x" * 500),
            site("bad", status=502), site("missing", status=404), site("packed", gzip=True, body="y" * 5000),
            site("latin", body={"hex": "ff 58 58 58 58 58"}), site("cut", body="x" * 5000, cut={"in": "body", "after": 100, "then": "close"}),
            {**site("secure", body="s" * 100), "tls": cls.tls}, {**site("silent"), "routes": [{"answer": {"kind": "silent"}}]},
            {**site("expired"), "tls": {"self_signed": {"names": ["127.0.0.1"], "from_days": -9, "until_days": -2}}},
            {**picky("moved", path="/there"), "routes": [{"match": {"path": "/"}, "answer": redirect}, {"answer": {"body": "x" * 90}}]},
            {**picky("named", **who), "routes": [{"match": {"path": "/"}, "answer": redirect}, *picky("", **who)["routes"]]},
            {**picky("tls-named", host="shop.example", sni="shop.example"), "tls": cls.tls}, {**picky("sni", host="127.0.0.1", sni="shop.example"), "tls": cls.tls},
            {**picky("put", **put), "routes": [{"match": {"path": "/", "method": "PUT"}, "answer": kept}, *picky("", **put)["routes"]]},
            *(picky(name, header={"name": "authorization", "is": value}, otherwise=401)
              for name, value in (("basic", "Basic bWU6c2VjcmV0"), ("bearer", "Bearer secret"), ("token", "Token secret"))))

    def holds(self, module, target, success, more="", **values):
        got = self.compare(target, module, more=more)
        self.assertEqual(got["probe_success"], success, f"{target} {module}")
        for name, value in values.items():
            self.assertEqual(got[name], value, f"{target} {module}: {name}")
        return got

    def test_statuses_and_redirects(self):
        self.holds("named", self.at("missing"), 1)
        self.holds("named", self.at("bad"), 1)
        self.holds("named", self.at("good"), 0)
        self.holds("http_2xx", self.at("moved"), 1, probe_http_redirects=1)
        self.holds("stay", self.at("moved"), 0, probe_http_status_code=302, probe_http_redirects=1)
        self.holds("stay_302", self.at("moved"), 1, probe_http_uncompressed_body_length=0, probe_http_content_length=5)
        self.holds("stay_body", self.at("moved"), 0, probe_failed_due_to_regex=1)
        self.holds("stay", self.at("good"), 1)

    def test_patterns(self):
        for module, page, success, regex in (
                ("must", "good", 1, 0), ("must", "missing", 0, 0), ("must", "moved", 0, 1), ("must", "cut", 0, 1), ("must_not", "good", 1, 0),
                ("must_not_x", "good", 0, 1), ("must_not", "latin", 0, 1), ("must_not_x", "bad", 0, 0), ("field", "good", 1, 0), ("field", "moved", 0, 1),
                ("no_field", "good", 0, 1), ("no_field", "moved", 1, 0), ("gzip", "packed", 1, 0), ("gzip", "good", 0, 0)):
            self.holds(module, self.at(page), success, probe_failed_due_to_regex=regex)

    def test_tls_and_versions(self):
        secure, expired = (self.at(name).replace("http:", "https:") for name in ("secure", "expired"))
        self.holds("only_ssl", secure, 1)
        self.holds("only_ssl", self.at("good"), 0)
        self.holds("never_ssl", secure, 0)
        self.holds("never_ssl", self.at("good"), 1)
        self.holds("trusting", secure, 1)
        self.holds("trusting", expired, 1)
        self.holds("only_ssl", expired, 0)
        self.holds("version", self.at("good"), 1)
        self.holds("versions", self.at("good"), 0)
        self.holds("server_name", self.at("sni").replace("http:", "https:"), 1)

    def test_what_is_asked(self):
        for module in ("host", "merged"):
            self.holds(module, self.at("named"), 1, probe_http_redirects=1)
            self.holds(module, self.at("tls-named").replace("http:", "https:"), 1)
        self.holds("http_2xx", self.at("named"), 0)
        self.holds("http_2xx", self.at("tls-named").replace("http:", "https:"), 1, more="&hostname=shop.example")
        self.holds("put", self.at("put"), 1, probe_http_redirects=1)
        self.holds("put", self.at("put") + "there", 1)
        for who in ("basic", "bearer", "token"):
            self.holds(who, self.at(who), 1)
        self.holds("basic", self.at("bearer"), 0)

    def test_families_and_time(self):
        port = self.faulty.ports["good"]
        self.holds("ip4", f"http://localhost:{port}/", 1, probe_ip_protocol=4)
        self.holds("ip4_only", self.at("good"), 1, probe_ip_protocol=4)
        self.holds("ip6", self.at("good"), 1, probe_ip_protocol=4)
        self.holds("ip6_only", self.at("good"), 0, probe_ip_protocol=0)
        self.holds("tcp4", f"localhost:{port}", 1, probe_ip_protocol=4)
        self.holds("tcp6_only", f"127.0.0.1:{port}", 0)
        self.holds("quick", self.at("silent"), 0)
        values = self.both(f"http://localhost:{port}/", "ip4")[0][1]
        self.assertFalse([name for name in values if name.startswith("fix502_family")])

    def test_modules_that_are_not_there(self):
        target = quote(self.at("good"), safe="")
        for module, words in (("tcp_connect", 'Unknown module "tcp_connect"'), ("icmp", "prober icmp is not supported"),
                              ("ssh", "tcp.query_response is not supported")):
            answer = self.serve.get(f"/probe?target={target}&module={module}", token=False)
            self.assertEqual(answer.status, 400)
            self.assertIn(words, answer.json["detail"])
        self.assertEqual(self.serve.get(f"/probe?target={target}&hostname=a%0d%0ab", token=False).status, 400)

    def test_says_which_condition_is_not_met(self):
        values = self.both(self.at("good"), "only_ssl")[0][1]
        self.assertEqual(values['fix502_unmet_condition_info{condition="fail_if_not_ssl"}'], 1)
        # A diagnosis of a page that is well would find nothing.
        self.assertFalse([name for name in values if name.startswith("fix502_verdict_info")])

    def test_a_redirect_does_not_carry_secrets_elsewhere(self):
        """blackbox_exporter sends them to whatever host the answer names."""
        with Faulty(FAULTD, picky("other", no_header="authorization")) as other:
            to = {"kind": "redirect", "to": f"http://localhost:{other.ports['other']}/"}
            with Faulty(FAULTD, {**site("site"), "routes": [{"match": {"header": "authorization"}, "answer": to}, {"answer": {"status": 401}}]}) as first:
                path = f"/probe?target=http://127.0.0.1:{first.ports['site']}/&module=basic"
                values = parsed(self.serve.get(path, token=False).body.decode())[1]
                self.assertEqual((values["probe_success"], values["probe_http_redirects"]), (1, 1))


class ModulesFile(unittest.TestCase):
    def start(self, text):
        with tempfile.TemporaryDirectory(prefix="fix502-modules-") as place:
            file = Path(place) / "blackbox.yml"
            file.write_text(text)
            done = subprocess.run([BINARY, "serve", "--probe-modules", file], capture_output=True, text=True, timeout=SOON)
            return done.returncode, done.stderr.replace(str(file), "FILE")

    def test_what_is_wrong_is_one_line(self):
        for text, line in (("modules: {a: {prober: http, http: {proxy_url: 'http://x'}}}", 'FILE:1: module "a": http.proxy_url is not supported here'),
                           ("modules:\n  a:\n    prober: http\n    htpt: {}", 'FILE:4: module "a": htpt is an unknown key'),
                           ("modules: [", "FILE:1: is no YAML: "), ("x" * (1 << 20) + "x", "larger than")):
            status, errors = self.start(text)
            self.assertEqual((status, errors.count("\n")), (2, 1), errors)
            self.assertIn(line, errors)

    def test_no_file(self):
        done = subprocess.run([BINARY, "serve", "--probe-modules", "/no/such"], capture_output=True, text=True, timeout=SOON)
        self.assertEqual(done.returncode, 2)

    def test_the_packages_own_file(self):
        with tempfile.TemporaryDirectory(prefix="fix502-modules-") as place:
            file = Path(place) / "blackbox.yml"
            file.write_text("modules: {http_2xx: {prober: http}, icmp: {prober: icmp}, b: {prober: tcp, tcp: {query_response: [{expect: a}]}}}")
            with Serve(BINARY, "--probe-modules", file) as serve:
                pass
            self.assertEqual(serve.errors.count("is left out"), 2, serve.errors)


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
