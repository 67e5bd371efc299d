"""nscd on the visitor's machine: {}. It keeps what resolv.conf's server says for an hour."""
from pathlib import Path

from world import World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "nscd")
    world.own_run()
    config = world.file(f"{name}.conf", """enable-cache hosts yes
shared hosts yes
persistent hosts no
positive-time-to-live hosts 3600
negative-time-to-live hosts 20
check-files hosts no
enable-cache passwd no
enable-cache group no
enable-cache services no
enable-cache netgroup no
""")
    Path("/run/nscd").mkdir()
    world.start(name, [*world.network.enter, "nscd", "-F", "-f", config])
    world.await_file(name, "/run/nscd/socket")
