"""The scenarios: rows of the TOML files under scenarios/, one file per gateway."""
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

DIRECTORY = Path(__file__).parent / "scenarios"
HEALTHY = "healthy"


@dataclass
class Row:
    name: str
    gateway: str                 # the file's name: nginx, haproxy, apache, caddy
    about: str
    fault: str | list[str]       # what the verdict must name, or one of these; "healthy"
    status: int | str            # what the visitor gets: a status, "000 curl 52", or a regular expression of such
    config: dict = field(default_factory=dict)          # parts of the gateway's configuration: see gateways.py
    world: list[dict] = field(default_factory=list)     # what stands before the gateway starts: {kind, ...}, see upstreams.py
    after: list[dict] = field(default_factory=list)     # what happens once it runs, before the visitor comes
    decoys: list[str] = field(default_factory=list)     # commands that leave other traces, after the visitor came
    old_log: str = ""            # what the gateway's error log holds from earlier: @before:SECONDS@ in its own time format

    path: str = "/"
    url: str | None = None       # "" : none is given to the program
    request: list[str] = field(default_factory=list)    # further request headers, of the visitor and the program
    curl: list[str] = field(default_factory=list)       # further words for curl, of the visitor only
    proof: list[dict] = field(default_factory=list)     # {run, expect}, beside the status
    hosts: list[str] = field(default_factory=list)
    resolv_conf: list[str] = field(default_factory=lambda: ["nameserver 127.0.0.1", "options timeout:1 attempts:1"])
    addresses: list[str] = field(default_factory=list)  # further ones on lo
    neighbours: bool = True      # two other sites: one works, one has a dead upstream and was just visited

    named: bool = False          # --kind, --config, --error-log, --access-log are given; otherwise found from the processes
    args: list[str] = field(default_factory=list)
    idle_probe: float = 2        # seconds, for --idle-probe
    replay_timeout: float = 4
    times_out: bool = False      # something has to time out: the three seconds do not hold
    timeout: float = 30

    at: str | list[str] = ""     # text of the line that the finding must name (in one of its files, one of these)
    upstream: str = ""           # must be in the finding's `upstream`
    also: list[str] = field(default_factory=list)       # further faults that must be found present
    also_maybe: list[str] = field(default_factory=list) # ... that may be
    latent: list[str] = field(default_factory=list)     # that must be found latent
    apply: dict = field(default_factory=dict)           # {edit, status, lines = [least, most], undone, check = [proof...], maybe}

    @property
    def healthy(self) -> bool:
        return self.fault == HEALTHY

    @property
    def faults(self) -> list[str]:
        return self.fault if isinstance(self.fault, list) else [self.fault]

    @property
    def full_name(self) -> str:
        return f"{self.gateway}/{self.name}"

    @property
    def page(self) -> str:
        return self.url or f"http://shop.example{self.path}"

    @property
    def seconds(self) -> float:
        """How long the program may take."""
        return self.timeout if self.times_out else PROMPT


PROMPT = 3.0


def load() -> list[Row]:
    known = {f.name for f in fields(Row)} - {"gateway"}
    rows = []
    for path in sorted(DIRECTORY.glob("*.toml")):
        for entry in tomllib.loads(path.read_text())["scenario"]:
            unknown = set(entry) - known
            if unknown:
                raise ValueError(f"{path.name}: {entry.get('name')}: unknown {', '.join(sorted(unknown))}")
            rows.append(Row(gateway=path.stem, **entry))
    names = [row.full_name for row in rows]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"names used twice: {', '.join(sorted(twice))}")
    return rows
