"""What every world has: name servers, two resolvers, a page known to work, and the visitor's own settings."""
import subprocess

import worlds
from network import ROUTER4
from scenario import Scenario
from world import Broken, World

REGISTRY = "198.51.100.2"         # serves example. and delegates shop.example
AUTHORITIES = ["198.51.100.53", "198.51.100.54"]
COMPARISON = "198.51.100.153"
LOOPBACK = "127.0.0.1"            # where a resolver on the visitor's machine answers; systemd-resolved has its own
STUB = "127.0.0.53"
CHECK = "203.0.113.200"
CHECK_URL = "http://check.example/generate_204"
# The first four of the real root server addresses (https://www.iana.org/domains/root/servers).
ROOTS = {"a": "198.41.0.4", "b": "170.247.170.2", "c": "192.33.4.12", "d": "199.7.91.13"}


def arrange(world: World, row: Scenario) -> None:
    if row.fix:
        _own_etc(world)
    _name_servers(world, row)
    _resolver(world, row, "comparison", [COMPARISON], row.comparison)
    _resolver(world, row, "resolver", [ROUTER4], row.resolver)
    _settings(world, row)
    _local(world, row)
    if row.earlier_zone is not None:
        _age(world, row)
    _page_known_to_work(world, row)


def arguments(row: Scenario) -> list[str]:
    """The options that point the program at the furniture."""
    named = set(row.args)
    options = ["--json"]
    if "--compare-resolver" not in named:
        options += ["--compare-resolver", "none" if row.comparison.get("kind") == "none" else COMPARISON]
    if "--connectivity-check" not in named:
        options += ["--connectivity-check", CHECK_URL]
    if row.budget != Scenario.budget:
        options += ["--timeout", f"{row.budget:g}"]
    return options + row.args


def _name_servers(world: World, row: Scenario) -> None:
    """authority: {kind = "nsd"|"none", servers = [address...] that answer, of those that the delegation names}."""
    delegations = {"shop.example": row.zone, **row.zones}
    registry = ["@ 300 NS ns.nic", f"ns.nic 300 A {REGISTRY}", f"check 300 A {CHECK}"]
    for zone in delegations:
        label = zone.removesuffix(".example")
        registry += [f"{label} 300 NS ns{n}.{label}" for n in (1, 2)]
        registry += [f"ns{n}.{label} 300 A {address}" for n, address in enumerate(AUTHORITIES, 1)]
        registry += row.authority.get("ds", {}).get(zone, [])
    worlds.start(world, {"kind": "nsd", "name": "registry", "listen": [REGISTRY], "zones": {"example": registry}})
    if row.delegation:
        root = [f"@ 518400 NS {letter}.root-servers.net." for letter in ROOTS]
        root += [f"{letter}.root-servers.net. 518400 A {address}" for letter, address in ROOTS.items()]
        root += ["example. 172800 NS ns.nic.example.", f"ns.nic.example. 172800 A {REGISTRY}"]
        worlds.start(world, {"kind": "nsd", "name": "root", "listen": list(ROOTS.values()), "zones": {".": root}})
    if row.authority.get("kind", "nsd") == "nsd":
        _authority(world, row, row.zone if row.earlier_zone is None else row.earlier_zone)


def _authority(world: World, row: Scenario, shop: list[str]) -> None:
    own = ["@ 300 NS ns1", "@ 300 NS ns2"] + [f"ns{n} 300 A {address}" for n, address in enumerate(AUTHORITIES, 1)]
    zones = {name: own + records for name, records in {"shop.example": shop, **row.zones}.items()}
    servers = row.authority.get("servers", AUTHORITIES)
    worlds.start(world, {"kind": "nsd", "name": "authority", "listen": servers, "zones": zones})


def _age(world: World, row: Scenario) -> None:
    """The system's resolver learns the earlier zone; then the zone changes."""
    ask = ["dig", "+short", f"@{ROUTER4}", "shop.example", "A"]
    if row.local:
        ask = [*world.network.enter, "getent", "ahostsv4", "shop.example"]
    if not subprocess.run(ask, capture_output=True, timeout=15).stdout:
        raise Broken("the resolver did not learn the earlier zone")
    world.stop("authority")
    _authority(world, row, row.zone)
    if row.local:  # what the visitor's own resolver may have asked has forgotten
        world.stop("comparison")
        _resolver(world, row, "comparison", [COMPARISON], row.comparison)


def _local(world: World, row: Scenario) -> None:
    """local: [{kind, upstream = address}]: resolvers on the visitor's machine; without a word they ask COMPARISON."""
    for spec in row.local:
        worlds.start(world, {"listen": [LOOPBACK], "upstream": COMPARISON, **spec, "visitor": True})


def _resolver(world: World, row: Scenario, name: str, listen: list[str], spec: dict) -> None:
    kind = spec.get("kind", "unbound")
    if kind == "none":
        return
    way = {"root": ROOTS["a"]} if row.delegation else {"stub": REGISTRY}
    if kind == "dnsmasq":
        way = {"upstream": COMPARISON}
    worlds.start(world, {"name": name, "listen": listen, **way, **spec, "kind": kind})


def _page_known_to_work(world: World, row: Scenario) -> None:
    spec = row.connectivity or {"kind": "nginx", "config": "location / { return 204; }"}
    if spec["kind"] != "none":
        worlds.start(world, {"name": "check", "listen": [f"{CHECK}:80"], **spec})


def _own_etc(world: World) -> None:
    """What a remedy writes below /etc stays in this world, whatever happens to the program or to the lab."""
    place = world.directory / "etc"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=True, timeout=10)
    for layer in ("upper", "work"):
        (place / layer).mkdir()
    layers = f"lowerdir=/etc,upperdir={place}/upper,workdir={place}/work"
    subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", "/etc"], check=True, timeout=10)


def _settings(world: World, row: Scenario) -> None:
    kinds = {spec["kind"] for spec in row.local}
    server = STUB if "resolved" in kinds else LOOPBACK if kinds - {"nscd"} else ROUTER4
    names = row.resolv_conf if row.resolv_conf is not None else [f"nameserver {server}"]
    hosts = ["127.0.0.1 localhost", "::1 localhost", *row.hosts]
    for name, lines in {"resolv.conf": names, "hosts": hosts, "nsswitch.conf": [f"hosts: {row.nsswitch}"]}.items():
        path = world.file(name, "\n".join(lines) + "\n")
        subprocess.run(["mount", "--bind", path, f"/etc/{name}"], check=True, timeout=10)
