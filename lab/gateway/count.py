"""How a report compares with what its row expects, and what the whole run adds up to. README.md says how it is counted."""
import statistics
from collections import defaultdict
from dataclasses import dataclass, field

from rows import HEALTHY, Row

LOUD = 0.5            # an unexpected finding counts against `exact` from this confidence on
SLACK = 1.0           # seconds that the wall time may exceed --timeout by
STATUS = {"healthy": 0, "fault": 1, "inconclusive": 3}
BARS = {"exact": 95.0, "ended": 90.0}   # percent; the others are all or nothing


@dataclass
class Outcome:
    row: Row
    skipped: str = ""          # why it could not be run
    broken: str = ""           # the world was not as the row says
    wrong: list[str] = field(default_factory=list)       # why the report is not exact
    late: str = ""             # why its time is not good
    seconds: float = 0.0
    got: str = "-"
    false_findings: list[str] = field(default_factory=list)   # present ones on a healthy row
    idle_talk: list[str] = field(default_factory=list)        # latent ones on a row that has none
    ended: str | None = None   # None: not to be ended; "": ended; else why not
    left: str | None = None    # None: not to be left alone; "": it was; else what changed
    undone: str | None = None  # None: nothing to take back; "": every byte is back; else what is not

    @property
    def exact(self) -> bool:
        return not self.wrong and not self.broken

    @property
    def passed(self) -> bool:
        return self.exact and not (self.late or self.false_findings or self.ended or self.left or self.undone)


def judge(row: Row, result: dict) -> Outcome:
    outcome = Outcome(row, broken=result.get("broken", "") or "; ".join(result.get("unproven", [])), seconds=result.get("seconds", 0.0))
    if outcome.broken:
        return outcome
    if "wrong" in result:
        outcome.wrong.append(result["wrong"])
    if outcome.seconds > row.seconds + (SLACK if row.times_out else 0):
        outcome.late = f"took {outcome.seconds:.1f} s of {row.seconds:g} s"
    if report := result.get("report"):
        _judge_report(outcome, report, result)
    elif not outcome.wrong:
        outcome.wrong.append("no report")
    if "applied" in result:
        _judge_applied(outcome, result["applied"])
    return outcome


def _judge_report(outcome: Outcome, report: dict, result: dict) -> None:
    row, verdict, findings = outcome.row, report["verdict"], report["findings"]
    present = [f for f in findings if f["state"] == "present" and f.get("confidence", 1) >= LOUD]
    outcome.got = " + ".join(dict.fromkeys([verdict.get("fault") or verdict["outcome"], *(f["fault"] for f in present)]))
    if result["status"] != STATUS[verdict["outcome"]]:
        outcome.wrong.append(f"exit status {result['status']} for {verdict['outcome']}")
    if not named(row, verdict):
        outcome.wrong.append(f"verdict is {verdict.get('fault') or verdict['outcome']}")
    names = {f["fault"] for f in present}
    if row.healthy or (HEALTHY in row.faults and verdict["outcome"] == "healthy"):
        outcome.false_findings = sorted(names - set(row.also_maybe))
        if not row.latent:
            outcome.idle_talk = sorted({f["fault"] for f in findings if f["state"] == "latent"})
    else:
        if missed := set(row.also) - names:
            outcome.wrong.append(f"not found: {', '.join(sorted(missed))}")
        if extra := names - set(row.faults) - set(row.also) - set(row.also_maybe):
            outcome.wrong.append(f"found as well: {', '.join(sorted(extra))}")
    if missed := set(row.latent) - {f["fault"] for f in findings}:
        outcome.wrong.append(f"latent, not found: {', '.join(sorted(missed))}")
    outcome.wrong += _place(row, findings, result.get("lines", []))


def named(row: Row, verdict: dict) -> bool:
    fault = verdict.get("fault") if verdict["outcome"] == "fault" else HEALTHY if verdict["outcome"] == "healthy" else None
    return fault in row.faults


def _place(row: Row, findings: list[dict], lines: list[list]) -> list[str]:
    """What is wrong with where the finding points: its gateway, file and line, and upstream, where the row says so."""
    wanted = set(row.latent) if row.healthy else set(row.faults)
    about = [f for f in findings if f["fault"] in wanted]
    if not about:
        return []
    wrong = []
    if all(f.get("gateway") != row.gateway for f in about):
        wrong.append(f"gateway is {about[0].get('gateway')}")
    if lines and all([f.get("file"), f.get("line")] not in lines for f in about):
        places = " or ".join(f"{file}:{line}" for file, line in lines)
        wrong.append(f"it points to {about[0].get('file')}:{about[0].get('line')}, not to {places}")
    if row.upstream and all(row.upstream not in f"{f.get('upstream')} {f.get('upstream_name')}" for f in about):
        wrong.append(f"its upstream is {about[0].get('upstream')}")
    return wrong


def _judge_applied(outcome: Outcome, facts: dict) -> None:
    row, wanted = outcome.row, outcome.row.apply
    changed = facts["changed"]
    undo = facts["undo"]
    if changed or undo["status"] == 0:
        outcome.undone = _undone(undo)
    if facts["wrong"]:
        outcome.wrong.append(f"--apply: {facts['wrong']}")
    if not wanted or (wanted.get("maybe") and not changed):
        # What a change would have given is no matter where none was made.
        visitor = facts["visit"] if not wanted.get("maybe") else ""
        outcome.left = ", ".join(changed) + (f" (visitor: {visitor})" if visitor else "")
        return
    ended = _ended(row, facts)
    outcome.ended = ended if not wanted.get("maybe") else None
    if wanted.get("maybe"):
        outcome.left = f"changed, and not ended: {ended}" if ended else ""


def _ended(row: Row, facts: dict) -> str:
    """Why --apply did not end the fault as it should; empty: it did."""
    least, most = row.apply.get("lines", [0, 99])
    problems = []
    if facts["status"] != 0:
        problems.append(f"exit status {facts['status']}")
    if facts["check"]:
        problems.append(f"the gateway's check: {facts['check']}")
    problems += facts["unproven"]
    if not least <= facts["touched"] <= most:
        problems.append(f"{facts['touched']} lines touched, not {least}-{most}")
    return "; ".join(problems)


def _undone(undo: dict) -> str:
    if undo["status"] != 0:
        return f"undo ended with {undo['status']}: {undo['said']}"
    if undo["left"]:
        return f"not as before: {', '.join(undo['left'])}"
    return f"after undo the visitor gets {undo['visit']}" if undo.get("visit") else ""


def summary(outcomes: list[Outcome]) -> tuple[list[str], bool]:
    """The lines under the outcomes, and whether the bars are met."""
    ran = [o for o in outcomes if not o.skipped]
    exact = _percent([o.exact for o in ran])
    healthy = [o for o in ran if HEALTHY in o.row.faults]
    false = sum(len(o.false_findings) for o in healthy)
    talk = sum(len(o.idle_talk) for o in healthy)
    ended, left, undone = ([getattr(o, name) for o in ran if getattr(o, name) is not None] for name in ("ended", "left", "undone"))
    lines = table(ran) + ["", f"exact {exact:.1f} % ({sum(o.exact for o in ran)} of {len(ran)})"]
    lines.append(f"false findings on healthy: {false} ({len(healthy)} healthy; latent ones on rows that name none: {talk})")
    good = bool(ran) and exact >= BARS["exact"] and false == 0
    for title, values in (("ended by --apply", ended), ("left as they were", left), ("undo restores bytes", undone)):
        lines.append(f"{title}: {values.count('')} of {len(values)}")
    good = good and (not ended or _percent([v == "" for v in ended]) >= BARS["ended"])
    good = good and not any(left) and not any(undone)
    prompt = [o.seconds for o in ran if o.seconds and not o.row.times_out]
    if prompt:
        lines.append(f"seconds where nothing has to time out: median {statistics.median(prompt):.2f}, worst {max(prompt):.2f}; "
                     f"worst of all {max(o.seconds for o in ran):.2f}")
    late = [o.row.full_name for o in ran if o.late]
    lines.append(f"late: {len(late)}" + (f" ({', '.join(late)})" if late else ""))
    good = good and not late
    passed = sum(o.passed for o in ran)
    lines.append(f"gateway lab: {passed} passed, {len(ran) - passed} failed, {len(outcomes) - len(ran)} skipped")
    return lines, good


GATEWAYS = ["nginx", "haproxy", "apache", "caddy"]


def table(outcomes: list[Outcome]) -> list[str]:
    """Gateway x fault: ok, wrong (another fault was named), missing (none was)."""
    cells = defaultdict(lambda: defaultdict(int))
    for o in outcomes:
        cells[o.row.faults[0], o.row.gateway][verdict_word(o)] += 1
    lines = [f"{'fault':32}" + "".join(f"{gateway:20}" for gateway in GATEWAYS).rstrip()]
    for fault in sorted({o.row.faults[0] for o in outcomes}, key=lambda f: (f != HEALTHY, f)):
        texts = [" ".join(word if n == 1 else f"{n} {word}" for word, n in cells[fault, gateway].items()) or "-" for gateway in GATEWAYS]
        lines.append((f"{fault:32}" + "".join(f"{text:20}" for text in texts)).rstrip())
    return lines


def verdict_word(o: Outcome) -> str:
    if o.exact:
        return "ok"
    return "missing" if o.got.split(" + ")[0] in ("-", HEALTHY, "inconclusive") and HEALTHY not in o.row.faults else "wrong"


def _percent(values: list[bool]) -> float:
    return 100 * sum(values) / len(values) if values else 0.0
