"""How a report compares with what its row expects, and what the whole run adds up to. README.md says how it is counted."""
import statistics
from dataclasses import dataclass

from scenario import Scenario

LOUD = 0.5            # an unexpected further fault counts against `exact` from this confidence on
MAX_REQUESTS = 40     # what the program may send without --max-requests
SLACK = 1.0           # seconds that the wall time may exceed the budget by
BINS = [(0.9, 1.01, ">= 0.9"), (0.7, 0.9, "0.7-0.9"), (0.0, 0.7, "< 0.7")]
STATUS = {"healthy": 0, "fault": 1, "inconclusive": 3}


@dataclass
class Outcome:
    row: Scenario
    skipped: str = ""         # why it could not be run
    broken: str = ""          # the world was not as the row says
    wrong: str = ""           # the program broke its promises (no report, ran on, raw control characters ...)
    seconds: float = 0.0
    requests: int | None = None
    got: str = "-"
    exact: bool = False
    hop: bool = False
    side_wrong: bool = False
    inconclusive: bool = False
    confidence: float | None = None
    report: dict | None = None
    fixed: str | None = None  # None: not tried; "": fixed and taken back; else why not

    @property
    def passed(self) -> bool:
        return self.exact and self.hop and not (self.side_wrong or self.wrong or self.broken or self.fixed)

    @property
    def fixable(self) -> bool:
        """The visitor's side, and the report says that a remedy of the program's own ends it."""
        remedies = (self.report or {}).get("remedies", [])
        visitors = "visitor" in as_list(self.row.expect.get("side")) and self.row.expect["outcome"] == "fault"
        return visitors and any(r["automatic"] and r["outlook"] == "fixes" for r in remedies)


def judge(row: Scenario, result: dict) -> Outcome:
    outcome = Outcome(row, broken=result.get("broken", "") or "; ".join(result.get("unproven", [])),
                      wrong=result.get("wrong", ""), seconds=result.get("seconds", 0.0))
    report = result.get("report")
    if outcome.broken or not report:
        return outcome
    outcome.report = report
    outcome.fixed = result.get("fixed")
    verdict = report["verdict"]
    outcome.requests = report.get("requests_sent")
    outcome.got = describe(verdict)
    outcome.exact = fits(row, verdict)
    outcome.hop = verdict.get("hop") in as_list(row.expect.get("hop"))
    outcome.side_wrong = bool(verdict.get("side")) and verdict["side"] not in as_list(row.expect.get("side"))
    outcome.inconclusive = verdict["outcome"] == "inconclusive"
    outcome.confidence = verdict.get("confidence")
    outcome.wrong = outcome.wrong or broken_promise(row, verdict, result)
    return outcome


def as_list(value) -> list:
    """What is allowed; TOML knows no null, so "none" stands for it."""
    return [None if v == "none" else v for v in (value if isinstance(value, list) else [value])]


def fits(row: Scenario, verdict: dict) -> bool:
    return (verdict["outcome"] in as_list(row.expect["outcome"]) and verdict.get("fault") in faults(row)
            and also_fits(row, verdict))


def faults(row: Scenario) -> list:
    return as_list(row.expect.get("fault"))


def also_fits(row: Scenario, verdict: dict) -> bool:
    also = {entry["fault"]: entry["confidence"] for entry in verdict.get("also", [])}
    expected, tolerated = set(row.expect.get("also", [])), set(row.expect.get("also_maybe", []))
    loud = {fault for fault, confidence in also.items() if confidence >= LOUD}
    return expected <= set(also) and loud <= expected | tolerated


def broken_promise(row: Scenario, verdict: dict, result: dict) -> str:
    if result["status"] != STATUS[verdict["outcome"]]:
        return f"exit status {result['status']} for {verdict['outcome']}"
    if result["seconds"] > row.budget + SLACK:
        return f"took {result['seconds']:.1f} s of {row.budget:g} s"
    if not result.get("again", True):
        return "the recorded run gives another verdict"
    sent = result["report"].get("requests_sent", 0)
    # A real browser may send a request again by itself, once for each visit, and tells nobody.
    repeats = sum(observation.get("probe") == "browser_visit" for observation in result["report"].get("observations", []))
    if result["served"] > sent + repeats:
        return f"says {sent} requests, {result['served']} arrived"
    limit = int(row.args[row.args.index("--max-requests") + 1]) if "--max-requests" in row.args else MAX_REQUESTS
    if sent > limit:
        return f"{sent} requests, of {limit} allowed"
    for key in ("cause", "answered_by", "scope"):
        if key in row.expect and verdict.get(key) not in as_list(row.expect[key]):
            return f"{key} is {verdict.get(key)}, not {row.expect[key]}"
    if "settings" in row.expect and named_settings(result["report"]) != row.expect["settings"]:
        return f"settings are {named_settings(result['report'])}, not {row.expect['settings']}"
    panel = ((result["report"].get("edge_and_origin") or {}).get("settings") or [{}])[0].get("panel")
    if "panel" in row.expect and panel != row.expect["panel"]:
        return f"the first setting's panel is {panel}, not {row.expect['panel']}"
    unnamed = set(row.expect.get("alternatives", [])) - {entry["fault"] for entry in verdict.get("alternatives", [])}
    return f"alternatives lack {', '.join(sorted(unnamed))}" if unnamed else ""


def named_settings(report: dict) -> list[str] | None:
    """Of the CDN, with --origin: "port likely" each, the most likely first; None where nothing was compared."""
    sides = report.get("edge_and_origin")
    return sides and [f"{one['setting']} {one['suspicion']}" for one in sides["settings"]]


def describe(verdict: dict) -> str:
    name = verdict.get("fault") or verdict["outcome"]
    also = [entry["fault"] for entry in verdict.get("also", []) if entry["confidence"] >= LOUD]
    return " + ".join([name, *also])


def expected(row: Scenario) -> str:
    name = "|".join(f for f in faults(row) if f) or "|".join(as_list(row.expect["outcome"]))
    return " + ".join([name, *row.expect.get("also", [])])


def summary(outcomes: list[Outcome]) -> tuple[list[str], bool]:
    """The lines under the table, and whether the bar is met."""
    ran = [o for o in outcomes if not o.skipped]
    skipped = len(outcomes) - len(ran)
    passed = sum(o.passed for o in ran)
    exact, hop = _percent([o.exact for o in ran]), _percent([o.hop for o in ran])
    wrong = sum(o.side_wrong for o in ran)
    prompt = [o.seconds for o in ran if not o.row.times_out and o.seconds]
    confident = [o for o in ran if o.confidence is not None and not o.inconclusive]
    lines = [f"exact {exact:.1f} %   hop {hop:.1f} %   side wrong {wrong}   "
             f"inconclusive {sum(o.inconclusive for o in ran)}   skipped {skipped}"]
    if prompt:
        lines.append(f"wall where nothing has to time out: median {statistics.median(prompt):.2f} s, "
                     f"worst {max(prompt):.2f} s; worst of all {max(o.seconds for o in ran):.2f} s")
    calibrated = True
    for low, high, label in BINS:
        right = [o.exact for o in confident if low <= o.confidence < high]
        lines.append(f"confidence {label}: {sum(right)} of {len(right)} right")
        if label == ">= 0.9" and right:
            calibrated = _percent(right) >= 90
    # A row whose remedy must not help says nothing about what can be fixed.
    if fixable := [o for o in ran if (o.fixable or o.fixed is not None) and not o.row.fixed.get("status")]:
        fixed = [o.fixed == "" for o in fixable]
        lines.append(f"Fixed by fix502 itself: {_percent(fixed):.0f} % ({sum(fixed)} of {len(fixed)} that have a remedy of its own)")
    lines.append(f"lab: {passed} passed, {len(ran) - passed} failed, {skipped} skipped")
    return lines, bool(ran) and wrong == 0 and exact >= 95 and hop >= 98 and calibrated


def _percent(values: list[bool]) -> float:
    return 100 * sum(values) / len(values) if values else 0.0
