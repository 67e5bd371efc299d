"""The API of `fix502 serve`, as docs/openapi.json describes it: api.py FIX502 FAULTD"""
import gzip
import json
import os
import signal
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from described import DOCS, Described
from serving import SOON, Faulty, Serve, site

BINARY, FAULTD = (Path(argument).resolve() for argument in sys.argv[1:3])
ASSETS = Path(__file__).resolve().parents[2] / "src/page/assets"
BAD_GATEWAY = {"status": 502, "headers": [["Server", "nginx/1.22.1"]],
               "body": "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
                       "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"}


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve = Serve(BINARY)
        cls.addClassCleanup(cls.serve.__exit__)
        cls.faulty = Faulty(FAULTD, site("bad", **BAD_GATEWAY), site("good"))
        cls.addClassCleanup(cls.faulty.__exit__)
        cls.bad, cls.good = (f"http://127.0.0.1:{cls.faulty.ports[name]}/" for name in ("bad", "good"))

    def test_everything_that_is_described(self):
        api = Described(self.serve)
        self.assertEqual(api.call("openapi", token=False).json, api.file)
        for operation in ("about", "listDiagnoses", "remedies", "watches", "history", "faults"):
            self.assertEqual(api.call(operation).status, 200)
            self.assertEqual(api.call(operation, token=False).status, 401)
        self.assertEqual(api.call("session", body={"key": "no"}, token=False).status, 403)
        # A diagnosis.
        begun = api.call("diagnose", body={"url": self.bad, "options": {"timeout_s": 5}})
        self.assertEqual(begun.status, 201)
        number = begun.json["id"]
        self.assertEqual(begun.fields["Location"], f"/api/diagnoses/{number}")
        done = self.serve.finished(number)
        self.assertEqual(done["state"], "done")
        shown = api.call("diagnosis", {"id": number})
        self.assertEqual(shown.json["report"]["verdict"]["fault"], "origin.bad-gateway")
        for kind in ("json", "html", "markdown", "run"):
            self.assertEqual(api.call("report", {"id": number}, f"?format={kind}").status, 200)
        for query in ("?format=pdf", "?query=shown", "?format=run&query=hidden"):
            self.assertEqual(api.call("report", {"id": number}, query).status, 400)
        secret = self.serve.diagnose(url=self.good + "?key=hush-hush")["id"]
        self.assertIn(b"hush-hush", api.call("report", {"id": secret}, "?format=markdown").body)
        self.assertNotIn(b"hush-hush", api.call("report", {"id": secret}, "?format=markdown&query=hidden").body)
        # A remedy for it.
        plan = api.call("planRemedy", {"id": "unpin-hosts"}, f"?diagnosis={number}")
        self.assertEqual(plan.status, 200)
        self.assertTrue(plan.json["nothing"])
        applied = api.call("applyRemedy", {"id": "unpin-hosts"}, body={"diagnosis": number})
        self.assertEqual(applied.json["outcome"], "nothing")
        self.assertEqual(api.call("undoRemedy", {"id": "unpin-hosts"}, body={}).json["outcome"], "nothing")
        self.assertEqual(api.call("remedyProgress", {"id": "unpin-hosts"}).status, 204)
        self.assertEqual(api.call("stopRemedy", {"id": "unpin-hosts"}).status, 204)
        for operation in ("planRemedy", "applyRemedy", "undoRemedy", "remedyProgress", "stopRemedy"):
            body = {} if operation in ("applyRemedy", "undoRemedy") else None
            self.assertEqual(api.call(operation, {"id": "no-such"}, body=body).status, 404)
        # Watches.
        watched = api.call("watch", body={"url": self.good})
        self.assertEqual(watched.status, 201)
        self.assertEqual(api.call("watch", body={"url": self.good}).status, 409)
        self.assertEqual(api.call("watched", {"id": watched.json["id"]}).status, 200)
        self.assertEqual(len(api.call("watches").json["watches"]), 1)
        self.assertEqual(api.call("unwatch", {"id": watched.json["id"]}).status, 204)
        self.assertEqual(api.call("watched", {"id": watched.json["id"]}).status, 404)
        # What it remembers.
        pages = api.call("history").json["pages"]
        self.assertEqual([page["diagnoses"][0]["fault"] for page in pages if page["url"] == self.bad], ["origin.bad-gateway"])
        self.assertEqual(api.call("history", query="?since=whenever").status, 400)
        # Prometheus.
        self.assertEqual(api.call("probe", query=f"?target={self.good}", token=False).status, 200)
        self.assertEqual(api.call("probe", query="?module=x", token=False).status, 400)
        self.assertEqual(api.call("metrics", token=False).status, 200)
        # And what is refused.
        for body in ({}, {"url": self.bad, "demo": "dns.stale-record"}, {"url": 7}, {"surprise": 1}, [], "{", {"url": self.bad, "options": {"timeout_s": -1}},
                     {"url": self.bad, "options": {"data": "x"}}, {"url": self.bad, "options": []}, {"url": "http://"}, {"url": "--json"}, {"url": "-4"}):
            self.assertEqual(api.call("diagnose", body=body, any_body=True).status, 400, body)
        self.assertEqual(api.call("diagnose", body=b"x" * 70_000, any_body=True).status, 413)
        self.assertEqual(api.call("diagnose", body={"url": self.bad}, fields={"Content-Type": "text/plain"}).status, 415)
        self.assertEqual(api.call("diagnose", body={"url": self.bad}, fields={"Origin": "http://evil.example"}).status, 403)
        for operation in ("diagnosis", "stopDiagnosis", "report"):
            self.assertEqual(api.call(operation, {"id": "d999"}).status, 404)
        self.assertEqual(api.call("stopDiagnosis", {"id": number}).status, 204)
        self.assertEqual(api.call("diagnosis", {"id": number}).status, 404)
        # Each operation was called, and had its good answer.
        streams = {"diagnosisEvents", "watchEvents"}
        good = {operation for operation, status in api.seen if status < 300}
        self.assertEqual({one[0] for one in api.operations()} - good - streams, {"session"})

    def test_events_tell_the_whole_story(self):
        began = self.serve.post("/api/diagnoses", {"url": self.bad, "options": {"timeout_s": 8}}).json
        path = f"/api/diagnoses/{began['id']}/events"
        live = list(self.serve.events(path))
        self.assertEqual([number for number, _, _ in live], list(range(1, len(live) + 1)))
        names = [name for _, name, _ in live]
        self.assertEqual((names[0], names[-2:]), ("start", ["report", "end"]))
        report = live[-2][2]
        self.assertEqual(live[-1][2]["state"], "done")
        self.assertEqual([hop["hop"] for hop in report["path"]], live[0][2]["hops"])
        last = {}
        for _, name, data in live:
            if name in ("hop", "step"):
                last[name, data.get("hop", data.get("id"))] = data
        for hop in report["path"]:
            self.assertEqual(last["hop", hop["hop"]], hop)
        for step in report["steps"]:
            self.assertEqual({key: step[key] for key in ("id", "state", "outlook", "finding")}, last["step", step["id"]])
        self.assertEqual(names.count("probe"), len(report["observations"]))
        self.assertTrue(any(data["failed"] for _, name, data in live if name == "probe" and data["experiment"] == "baseline"))
        # Late, and after a break: the same.
        self.assertEqual(list(self.serve.events(path)), live)
        self.assertEqual(list(self.serve.events(path, last=10)), live[10:])
        self.assertEqual(list(self.serve.events(f"{path}?access_token={self.serve.token}", last=10)), live[10:])
        self.assertEqual(self.serve.get(f"{path}?access_token=wrong", token=False).status, 401)

    def test_a_diagnosis_is_stopped(self):
        with Faulty(FAULTD, {"name": "silent", "protocol": "tcp", "address": "127.0.0.1", "port": 0, "do": "silent"}) as silent:
            began = self.serve.post("/api/diagnoses", {"url": f"http://127.0.0.1:{silent.ports['silent']}/", "options": {"timeout_s": 60}}).json
            events = self.serve.events(f"/api/diagnoses/{began['id']}/events")
            for _, name, _ in events:
                if name == "probe":
                    break
            self.assertEqual(self.serve.ask("DELETE", f"/api/diagnoses/{began['id']}").status, 204)
            rest = list(events)
        self.assertEqual(rest[-1][2]["state"], "stopped")
        shown = self.serve.get(f"/api/diagnoses/{began['id']}").json
        self.assertTrue(shown["report"]["interrupted"])
        self.assertLess(shown["elapsed_ms"], 20_000)

    def test_every_demo_is_told_apart(self):
        demos = self.serve.get("/api/about").json["demos"]
        self.assertGreaterEqual(len(demos), 6)
        wanted = [demo["fault"] for demo in demos]
        numbers = {fault: self.serve.post("/api/diagnoses", {"demo": fault}).json["id"] for fault in wanted}
        for fault, number in numbers.items():
            self.assertEqual(self.serve.finished(number)["report"]["verdict"]["fault"], fault)

    def test_a_watch_tells_of_an_outage(self):
        events = self.serve.events("/api/watches/events")
        self.assertEqual(next(events)[1], "watches")
        watch = self.serve.post("/api/watches", {"url": self.bad}).json
        schema = Described(self.serve)
        outage = next(data for _, name, data in events if name == "watch" and data["id"] == watch["id"])
        self.assertEqual(outage["event"], "outage")
        self.assertEqual(schema.wrong_with(json.loads((DOCS / "watch.schema.json").read_text()), outage), [])
        state = next(data for _, name, data in events if name == "watches")["watches"]
        mine = next(one for one in state if one["id"] == watch["id"])
        self.assertTrue(mine["failing"])
        self.assertEqual(mine["cause"]["fault"], "origin.bad-gateway")
        self.serve.ask("DELETE", f"/api/watches/{watch['id']}")
        self.assertFalse(any(one["id"] == watch["id"] for one in next(data for _, name, data in events if name == "watches")["watches"]))

    def test_the_page_comes_with_the_program(self):
        page = self.serve.get("/", token=False)
        self.assertEqual((page.status, page.fields["Content-Type"]), (200, "text/html; charset=utf-8"))
        packed = self.serve.get("/index.html", token=False, fields={"Accept-Encoding": "gzip"})
        self.assertEqual(gzip.decompress(packed.body), page.body)
        again = self.serve.get("/", token=False, fields={"If-None-Match": page.fields["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        whole = sum(len(self.serve.get(f"/{file.relative_to(ASSETS)}", token=False, fields={"Accept-Encoding": "gzip"}).body)
                    for file in ASSETS.rglob("*") if file.is_file())
        self.assertLess(whole, 150_000)
        for path in ("/../docs/openapi.json", "/%2e%2e/docs/openapi.json", "/assets/index.html", "/index.html/", "//"):
            self.assertEqual(self.serve.get(path, token=False).status, 404, path)
        self.assertEqual(self.serve.ask("HEAD", "/", token=False).body, b"")
        self.assertEqual(self.serve.ask("PUT", "/", token=False).status, 404)
        self.assertEqual(self.serve.ask("PUT", "/api/about").status, 405)

    def test_the_catalogue_has_words_for_all(self):
        faults = self.serve.get("/api/faults").json["faults"]
        self.assertTrue(all(fault["title"] and fault["meaning"] for fault in faults))
        self.assertTrue(all(fault["visitor"] and fault["owner"] for fault in faults))
        self.assertEqual({fault["seen_on"] for fault in faults if fault["id"] == "gateway.header-limit"}, {"visitor", "gateway"})
        self.assertFalse([remedy["why"] for fault in faults for remedy in fault["remedies"] if "{" in remedy["why"]])


class Stopping(unittest.TestCase):
    """A proxy answers 502 for a site that says nothing at all: excepting the site from the proxy takes until the time is up."""

    def test_a_remedy_is_stopped_and_taken_back(self):
        with Faulty(FAULTD, site("proxy", **BAD_GATEWAY), {"name": "silent", "protocol": "tcp", "address": "127.0.0.1", "port": 0, "do": "silent"}) as faulty, \
             Serve(BINARY, environment={"http_proxy": f"http://127.0.0.1:{faulty.ports['proxy']}"}) as serve:
            api = Described(serve)
            page = f"http://127.0.0.1:{faulty.ports['silent']}/"
            number = serve.diagnose(url=page, options={"timeout_s": 4})["id"]
            setting = Path(serve.home.name) / ".config/environment.d/60-fix502-no-proxy.conf"
            for doing, changed in (("looking at the page as it is now", False), ("asking for the page again", True)):
                with self.subTest(doing), ThreadPoolExecutor(1) as beside:
                    applying = beside.submit(api.call, "applyRemedy", {"id": "bypass-proxy"}, body={"diagnosis": number})
                    now = self.reached(api, doing, applying)
                    self.assertGreater(now["left_ms"], 0)
                    self.assertEqual(setting.exists(), changed)
                    self.assertEqual(api.call("applyRemedy", {"id": "bypass-proxy"}, body={}).status, 409)
                    self.assertEqual(api.call("stopRemedy", {"id": "bypass-proxy"}).status, 204)
                    result = applying.result().json
                    self.assertEqual(result["outcome"], "stopped")
                    self.assertFalse(setting.exists())
                    standing = [change for change in api.call("remedies").json["changes"] if change["state"] in ("stands", "unfinished")]
                    self.assertEqual(standing, [])

            # Stopped while it is found out what has to change: for this remedy that is a diagnosis.
            with ThreadPoolExecutor(1) as beside:
                applying = beside.submit(api.call, "applyRemedy", {"id": "flush-dns"}, body={"diagnosis": number})
                self.reached(api, "finding out what has to change", applying, "flush-dns")
                time.sleep(1)  # into the diagnosis
                self.assertEqual(api.call("stopRemedy", {"id": "flush-dns"}).status, 204)
                self.assertEqual(applying.result().json["outcome"], "stopped")
            # The server's own end does the same.
            with ThreadPoolExecutor(1) as beside:
                applying = beside.submit(api.call, "applyRemedy", {"id": "bypass-proxy"}, body={"diagnosis": number})
                self.reached(api, "asking for the page again", applying)
                self.assertTrue(setting.exists())
                self.assertLess(serve.stop(), 3)
                self.assertEqual(applying.result().json["outcome"], "stopped")
                self.assertFalse(setting.exists())

    @staticmethod
    def reached(api, doing, applying, remedy="bypass-proxy"):
        while not applying.done():
            answer = api.call("remedyProgress", {"id": remedy})
            if answer.status == 200 and answer.json["doing"] == doing:
                return answer.json
            time.sleep(0.05)
        raise AssertionError(f"it was over before it was {doing}: {applying.result().body}")


class Opening(unittest.TestCase):
    def test_the_browser_gets_a_key_that_is_good_once(self):
        with tempfile.TemporaryDirectory() as place:
            place = Path(place)
            opened = place / "opened"
            (place / "xdg-open").write_text(f'#!/bin/sh\nprintf %s "$1" >{opened}.part\nmv {opened}.part {opened}\n')
            (place / "xdg-open").chmod(0o755)
            with Serve(BINARY, "--open", environment={"PATH": f"{place}:{os.environ['PATH']}"}) as serve:
                end = time.monotonic() + SOON
                while not opened.exists() and time.monotonic() < end:
                    time.sleep(0.05)
                address, key = opened.read_text().split("#key=")
                self.assertEqual(address, serve.address.split("#")[0])
                api = Described(serve)
                self.assertNotIn(key, serve.token)
                self.assertEqual(api.call("session", body={"key": key}, token=False).json, {"token": serve.token})
                self.assertEqual(api.call("session", body={"key": key}, token=False).status, 403)


class Ending(unittest.TestCase):
    def test_ends_within_three_seconds_whatever_is_under_way(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with Serve(BINARY) as serve, Faulty(
                    FAULTD, {"name": "silent", "protocol": "tcp", "address": "127.0.0.1", "port": 0, "do": "silent"}) as silent:
                page = f"http://127.0.0.1:{silent.ports['silent']}/"
                number = serve.post("/api/diagnoses", {"url": page, "options": {"timeout_s": 60}}).json["id"]
                serve.post("/api/watches", {"url": page})
                reading = serve.events(f"/api/diagnoses/{number}/events")
                self.assertEqual(next(reading)[1], "start")
                probing = serve.connect()
                probing.request("GET", f"/probe?target={page}")
                took = serve.stop(how)
                self.assertLess(took, 3)
                self.assertEqual(serve.process.returncode, 0, serve.errors)
                self.assertEqual(list(reading)[-1][1], "end")  # whoever listens is told
                probing.close()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
