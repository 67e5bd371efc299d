"""PowerDNS Recursor on the visitor's machine, forwarding: {listen = [address], upstream = address}."""
from world import World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "pdns")
    folder = world.file(f"{name}/recursor.conf", f"""daemon=no
disable-syslog=yes
security-poll-suffix=
dnssec=off
local-address={spec['listen'][0]}
forward-zones-recurse=.={spec['upstream']}
socket-dir=@tmp@/{name}
""").parent
    world.start(name, [*world.network.enter, "pdns_recursor", f"--config-dir={folder}"])
    world.await_visitor_dns(name, spec["listen"][0])
