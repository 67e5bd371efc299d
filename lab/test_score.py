"""What counts as exact, as a wrong side, as a broken promise: a table of verdicts. Run: python3 -m unittest discover lab"""
import unittest

import score
from scenario import Scenario

EXPECT = {"outcome": "fault", "fault": "dns.resolver-down", "hop": "dns", "side": "visitor", "also": ["gateway.down"]}
RIGHT = {"outcome": "fault", "fault": "dns.resolver-down", "hop": "dns", "side": "visitor", "confidence": 0.95,
         "also": [{"fault": "gateway.down", "confidence": 0.9}]}
ALSO = RIGHT["also"]

CASES = [  # what differs from the right verdict, what differs in the run, (exact, hop, side wrong, passed)
    ({}, {}, (True, True, False, True)),
    ({"fault": "dns.wrong-answer"}, {}, (False, True, False, False)),
    ({"side": "owner"}, {}, (True, True, True, False)),
    ({"side": None}, {}, (True, True, False, True)),
    ({"also": []}, {}, (False, True, False, False)),
    ({"also": [*ALSO, {"fault": "origin.error", "confidence": 0.4}]}, {}, (True, True, False, True)),
    ({"also": [*ALSO, {"fault": "origin.error", "confidence": 0.5}]}, {}, (False, True, False, False)),
    ({"outcome": "inconclusive", "fault": None, "hop": None, "side": None}, {"status": 3}, (False, False, False, False)),
    ({}, {"status": 0}, (True, True, False, False)),
    ({}, {"seconds": 16.5}, (True, True, False, False)),
    ({}, {"served": 15}, (True, True, False, False)),
    ({}, {"served": 15, "observations": [{"probe": "browser_visit"}]}, (True, True, False, True)),
    ({}, {"served": 16, "observations": [{"probe": "browser_visit"}, {"probe": "http"}]}, (True, True, False, False)),
    ({}, {"sent": 41}, (True, True, False, False)),
]


class Judge(unittest.TestCase):
    def test_table(self):
        for verdict, run, expected in CASES:
            with self.subTest(verdict=verdict, run=run):
                o = judged(verdict, run)
                self.assertEqual((o.exact, o.hop, o.side_wrong, o.passed), expected)

    def test_a_broken_world_is_no_success(self):
        outcome = score.judge(row(), {"broken": "nginx does not answer"})
        self.assertFalse(outcome.passed)

    def test_settings_of_a_cdn(self):
        named = {"settings": [{"setting": "port", "suspicion": "likely", "panel": "Origin > Port"}]}
        for expect, sides, passed in [({}, None, True), ({"settings": ["port likely"]}, named, True), ({"settings": ["port shown"]}, named, False),
                                      ({"settings": []}, named, False), ({"settings": []}, None, False), ({"panel": "Origin > Port"}, named, True),
                                      ({"panel": "Port"}, named, False), ({"panel": "Port"}, None, False)]:
            with self.subTest(expect=expect, sides=sides):
                report = {"verdict": RIGHT, "requests_sent": 14} | ({"edge_and_origin": sides} if sides else {})
                outcome = score.judge(Scenario("name", "family", "about", [], EXPECT | expect),
                                      {"report": report, "status": 1, "seconds": 1.0, "served": 10})
                self.assertEqual(outcome.passed, passed)

    def test_the_bar(self):
        self.assertTrue(score.summary([judged()] * 20)[1])
        self.assertFalse(score.summary([judged()] * 20 + [judged({"side": "owner"})])[1])
        self.assertFalse(score.summary([judged()] * 8 + [judged({"fault": "dns.nxdomain"})])[1])
        self.assertFalse(score.summary([])[1])


def row() -> Scenario:
    return Scenario("name", "family", "about", [], EXPECT)


def judged(verdict: dict = {}, run: dict = {}) -> score.Outcome:
    report = {"verdict": RIGHT | verdict, "requests_sent": run.get("sent", 14), "observations": run.get("observations", [])}
    return score.judge(row(), {"report": report, "status": 1, "seconds": 1.0, "served": 10} | run)


if __name__ == "__main__":
    unittest.main()
