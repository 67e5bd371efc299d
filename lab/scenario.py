"""The scenarios: rows of the TOML files under scenarios/, one file per family."""
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

DIRECTORY = Path(__file__).parent / "scenarios"
DEFAULT_BUDGET = 15  # seconds, what the program takes without --timeout


@dataclass
class Scenario:
    name: str
    family: str
    about: str
    proof: list[dict]            # {run, expect}: shell command on the visitor's machine, regular expression
    expect: dict                 # {outcome, fault, hop, side, also, cause, answered_by}
    world: list[dict] = field(default_factory=list)     # components, {kind, ...}, started in this order
    url: str = "https://shop.example/"
    args: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    budget: float = DEFAULT_BUDGET
    fix: str = ""                # the remedy that ends the fault, with its options: carried out, verified, taken back
    fixed: dict = field(default_factory=dict)           # then: {status = 0, outcome = "healthy", fault, check = [proof...], undone = [proof...]}
    times_out: bool = False      # something in this world has to time out: not counted in the median wall time

    # The furniture: what every world has, and how a row changes it.
    zone: list[str] = field(default_factory=lambda: ["@ 300 A 203.0.113.10", "www 300 A 203.0.113.10"])
    earlier_zone: list[str] | None = None               # what the zone said when the system's resolver last asked
    zones: dict[str, list[str]] = field(default_factory=dict)   # further zones
    authority: dict = field(default_factory=dict)       # see furniture.py
    delegation: bool = False     # real referrals from the root servers down
    resolver: dict = field(default_factory=dict)        # the system's resolver: {kind = "unbound"|"dnsmasq"|"none", ...}
    comparison: dict = field(default_factory=dict)      # the other one, for --compare-resolver
    connectivity: dict = field(default_factory=dict)    # the page that is known to work: {kind = "nginx"|"none", ...}
    addresses: list[str] = field(default_factory=list)  # held by a machine that answers nothing on most ports
    client: dict = field(default_factory=dict)          # the visitor's machine: see network.py
    hosts: list[str] = field(default_factory=list)
    resolv_conf: list[str] | None = None
    nsswitch: str = "files dns"


def load() -> list[Scenario]:
    scenarios = []
    known = {f.name for f in fields(Scenario)}
    for path in sorted(DIRECTORY.glob("*.toml")):
        for row in tomllib.loads(path.read_text())["scenario"]:
            unknown = set(row) - known
            if unknown:
                raise ValueError(f"{path.name}: {row.get('name')}: unknown {', '.join(sorted(unknown))}")
            scenarios.append(Scenario(family=path.stem, **row))
    names = [s.name for s in scenarios]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise ValueError(f"names used twice: {', '.join(sorted(twice))}")
    return scenarios
