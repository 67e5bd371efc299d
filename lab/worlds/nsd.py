"""nsd, authoritative: {listen = [address...], zones = {name = [record...]}, names of its own servers in each zone}."""
from world import World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "nsd")
    text = f"""server:
  username: ""
  chroot: ""
  server-count: 1
  verbosity: 1
  zonesdir: "@tmp@"
  database: ""
  pidfile: "@tmp@/{name}.pid"
  xfrdfile: "@tmp@/{name}.xfrd"
  xfrdir: "@tmp@"
  zonelistfile: "@tmp@/{name}.zonelist"
  rrl-ratelimit: 0
"""
    text += "".join(f"  ip-address: {address}\n" for address in spec["listen"])
    text += "remote-control:\n  control-enable: no\n"
    for number, (zone, records) in enumerate(spec["zones"].items()):
        world.file(f"{name}.{number}.zone", _zone(zone, records))
        text += f'zone:\n  name: "{zone}"\n  zonefile: "{name}.{number}.zone"\n'
    for address in spec["listen"]:
        world.network.hold(address)
    world.start(name, ["nsd", "-d", "-c", world.file(f"{name}.conf", text)])
    for address in spec["listen"]:
        world.await_dns(name, address)


def _zone(zone: str, records: list[str]) -> str:
    origin = "." if zone == "." else f"{zone}."
    soa = "@ 300 SOA ns1.nic.example. hostmaster.nic.example. 1 3600 600 86400 60"
    return "\n".join([f"$ORIGIN {origin}", "$TTL 300", soa, *records]) + "\n"
