"""What counts as exact, ended, left alone, taken back: a table of reports. Run: python3 -m unittest discover lab/gateway"""
import unittest
from pathlib import Path

import count
import gateways
import measure
import rows
from rows import Row

REFUSED, RACE = "upstream.connection-refused", "upstream.keepalive-race"
FILE = "/etc/nginx/sites-available/shop"
FOUND = {"fault": REFUSED, "state": "present", "gateway": "nginx", "file": FILE, "line": 7, "upstream": "127.0.0.1:8000",
         "confidence": 0.95}
VERDICT = {"outcome": "fault", "fault": REFUSED, "confidence": 0.95}
OTHER = FOUND | {"fault": "upstream.closed-early", "line": 9}

EXACT = [  # what differs in the finding, further findings, what differs in the run, exact and in time
    ({}, [], {}, True),
    ({"line": 8}, [], {}, False),
    ({"file": "/etc/nginx/nginx.conf"}, [], {}, False),
    ({"upstream": "127.0.0.1:8001"}, [], {}, False),
    ({"gateway": "haproxy"}, [], {}, False),
    ({"state": "latent"}, [], {}, True),        # the verdict decides what it is; the finding still points to the line
    ({}, [OTHER], {}, False),
    ({}, [OTHER | {"confidence": 0.4}], {}, True),
    ({}, [OTHER | {"state": "latent"}], {}, True),
    ({}, [OTHER | {"fault": "upstream.all-down"}], {}, True),   # the row tolerates it
    ({}, [], {"status": 0}, False),
    ({}, [], {"seconds": 3.2}, False),
    ({}, [], {"wrong": "control characters in the output"}, False),
]


class Report(unittest.TestCase):
    def test_exact(self):
        for finding, more, run, expected in EXACT:
            with self.subTest(finding=finding, more=more, run=run):
                o = judged(row(), [FOUND | finding, *more], run=run)
                self.assertEqual(o.exact and not o.late, expected, o.wrong)

    def test_another_verdict_is_wrong_and_none_is_missing(self):
        other = judged(row(), [OTHER], {"outcome": "fault", "fault": OTHER["fault"]})
        none = judged(row(), [], {"outcome": "healthy", "fault": None}, {"status": 0})
        self.assertEqual([count.verdict_word(o) for o in (other, none)], ["wrong", "missing"])

    def test_one_of_several_faults_may_be_named(self):
        self.assertTrue(judged(row(fault=[RACE, REFUSED]), [FOUND]).exact)
        self.assertFalse(judged(row(also=[RACE]), [FOUND]).exact)

    def test_healthy(self):
        well = {"outcome": "healthy", "fault": None}
        healthy = row(fault="healthy", at="", upstream="")
        for findings, false, talk in (([], [], []), ([FOUND], [REFUSED], []), ([FOUND | {"state": "latent"}], [], [REFUSED])):
            o = judged(healthy, findings, well, {"status": 0}, lines=[])
            self.assertEqual((o.exact, o.false_findings, o.idle_talk), (True, false, talk))

    def test_latent(self):
        well = {"outcome": "healthy", "fault": None}
        latent = row(fault="healthy", latent=[RACE], upstream="")
        finding = FOUND | {"fault": RACE, "state": "latent"}
        self.assertTrue(judged(latent, [finding], well, {"status": 0}).passed)
        self.assertFalse(judged(latent, [finding | {"line": 1}], well, {"status": 0}).passed)
        self.assertFalse(judged(latent, [], well, {"status": 0}).passed)
        self.assertFalse(judged(latent, [finding | {"state": "present"}], well, {"status": 0}).passed)

    def test_a_broken_world_is_no_success(self):
        self.assertFalse(count.judge(row(), {"broken": "nginx does not answer"}).passed)
        self.assertFalse(count.judge(row(), {"unproven": ["expected 502, got 200"]}).passed)


ENDED = {"status": 0, "wrong": "", "changed": [FILE], "touched": 1, "check": "", "visit": "", "unproven": [],
         "undo": {"status": 0, "said": "", "left": [], "visit": ""}}
LEFT = ENDED | {"status": 1, "changed": [], "touched": 0, "undo": {"status": 1, "said": "nothing to undo", "left": []}}
MENDABLE = {"status": 200, "lines": [1, 1]}

APPLIED = [  # the row's apply, the facts, (ended, left, undone): None: not asked, True: good
    (MENDABLE, ENDED, (True, None, True)),
    (MENDABLE, ENDED | {"touched": 2}, (False, None, True)),
    (MENDABLE, ENDED | {"check": "[emerg] unknown directive"}, (False, None, True)),
    (MENDABLE, ENDED | {"unproven": ["the visitor gets 502, not 200"]}, (False, None, True)),
    (MENDABLE, ENDED | {"status": 1}, (False, None, True)),
    (MENDABLE, ENDED | {"undo": ENDED["undo"] | {"left": [FILE]}}, (True, None, False)),
    (MENDABLE, ENDED | {"undo": ENDED["undo"] | {"visit": "200"}}, (True, None, False)),
    (MENDABLE, ENDED | {"undo": ENDED["undo"] | {"status": 1}}, (True, None, False)),
    (MENDABLE, LEFT | {"visit": "502", "unproven": ["the visitor gets 502, not 200"]}, (False, None, None)),
    ({}, LEFT, (None, True, None)),
    ({}, ENDED, (None, False, True)),
    ({}, LEFT | {"visit": "000 curl 7"}, (None, False, None)),
    ({"maybe": True}, LEFT, (None, True, None)),
    ({"maybe": True, "lines": [1, 1]}, ENDED, (None, True, True)),
    ({"maybe": True, "lines": [1, 1]}, ENDED | {"touched": 3}, (None, False, True)),
]


class Apply(unittest.TestCase):
    def test_table(self):
        for wanted, facts, expected in APPLIED:
            with self.subTest(wanted=wanted, facts=facts):
                o = judged(row(apply=wanted), [FOUND], run={"applied": facts})
                good = tuple(None if value is None else value == "" for value in (o.ended, o.left, o.undone))
                self.assertEqual(good, expected)

    def test_touched(self):
        before = picture("a\nb\nc\n")
        for after, expected in (("a\nb\nc\n", 0), ("a\nB\nc\n", 1), ("a\nb\nx\nc\n", 1), ("a\nc\n", 1), ("a\nB\nx\nc\n", 2), ("a\nb\nc", 1)):
            with self.subTest(after=after):
                self.assertEqual(measure.touched(before, picture(after)), expected)
        self.assertEqual(measure.touched(before, before | {"/etc/nginx/shop.bak": (0, 0, 0, "", b"a\nb\n")}), 2)


class Bars(unittest.TestCase):
    def good(self, *outcomes: count.Outcome) -> bool:
        return count.summary(list(outcomes))[1]

    def test_bars(self):
        right = [judged(row(), [FOUND])] * 20
        wrong = judged(row(), [FOUND | {"line": 8}])
        works = row(fault="healthy", at="", upstream="")
        healthy = judged(works, [FOUND], {"outcome": "healthy", "fault": None}, {"status": 0}, lines=[])
        mended = judged(row(apply=MENDABLE), [FOUND], run={"applied": ENDED})
        unmended = judged(row(apply=MENDABLE), [FOUND], run={"applied": ENDED | {"touched": 9}})
        meddled = judged(row(), [FOUND], run={"applied": ENDED})
        self.assertTrue(self.good(*right))
        self.assertTrue(self.good(*right, wrong))
        self.assertFalse(self.good(*right, wrong, wrong))
        self.assertFalse(self.good(*right, healthy))
        self.assertTrue(self.good(*right, *[mended] * 9, unmended))
        self.assertFalse(self.good(*right, *[mended] * 8, unmended))
        self.assertFalse(self.good(*right, meddled))
        self.assertFalse(self.good(*right, judged(row(), [FOUND], run={"seconds": 9})))
        self.assertFalse(self.good())


class Rows(unittest.TestCase):
    """What the lab must have: enough rows, every gateway, healthy ones, and lines that are asked for."""

    def test_load(self):
        all_rows = rows.load()
        self.assertGreaterEqual(len(all_rows), 80)
        self.assertEqual({r.gateway for r in all_rows}, set(gateways.GATEWAYS))
        self.assertGreaterEqual(sum(r.healthy and not r.latent for r in all_rows), 10)

    def test_what_must_be_ended_is_proven_to_be_mendable(self):
        for r in rows.load():
            if r.apply and not r.apply.get("maybe"):
                self.assertIn("edit", r.apply, r.full_name)

    def test_faults_are_of_the_catalogue(self):
        catalogue = (Path(__file__).parents[2] / "src/fault/owner_faults.def").read_text()
        for r in rows.load():
            for fault in {*r.faults, *r.also, *r.also_maybe, *r.latent} - {"healthy"}:
                if fault.startswith("cdn."):  # of the CDN in front, with --origin: the visitor's table
                    self.assertIn("--origin", r.args, r.full_name)
                    continue
                self.assertIn(f'"{fault}"', catalogue, r.full_name)


def picture(text: str) -> dict:
    return {FILE: (0o644, 0, 0, text, text.encode())}


def row(**keys) -> Row:
    return Row(**{"name": "name", "gateway": "nginx", "about": "", "fault": REFUSED, "status": 502, "at": "proxy_pass",
                  "upstream": "127.0.0.1:8000", "also_maybe": ["upstream.all-down"], **keys})


def judged(row_: Row, findings: list[dict], verdict: dict = VERDICT, run: dict = {}, lines: list = [[FILE, 7]]) -> count.Outcome:
    return count.judge(row_, {"report": {"verdict": verdict, "findings": findings}, "status": 1, "seconds": 1.0, "lines": lines} | run)


if __name__ == "__main__":
    unittest.main()
