"""systemd-resolved on the visitor's machine, with a message bus of its own: {upstream = address}.

Installed it would take the machine's resolv.conf over: it is unpacked instead (unpacked.py)."""
import pwd
import subprocess
from pathlib import Path

import unpacked
from world import World

USER = "systemd-resolve"
STUB = "127.0.0.53"
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_type="method_call"/> <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/> <allow receive_type="method_return"/>
    <allow receive_type="error"/> <allow receive_type="signal"/>
  </policy>
</busconfig>
"""


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "resolved")
    place = unpacked.place("systemd-resolved")
    world.own_run()
    for folder in ("/run/dbus", "/run/systemd/resolve", "/run/systemd/resolved.conf.d"):
        Path(folder).mkdir(parents=True)
    user = _user(world)
    for folder in ("/run/systemd/resolve",):
        subprocess.run(["chown", f"{user}:{user}", folder], check=True, timeout=10)
    Path("/run/systemd/resolved.conf.d/lab.conf").write_text(
        f"[Resolve]\nDNS={spec['upstream']}\nFallbackDNS=\nLLMNR=no\nMulticastDNS=no\nDNSSEC=no\nDNSOverTLS=no\n")
    world.start(f"{name}-bus", ["dbus-daemon", f"--config-file={world.file('bus.conf', BUS)}", "--nofork", "--nopidfile"])
    world.await_file(f"{name}-bus", "/run/dbus/system_bus_socket")
    world.start(name, [*world.network.enter, place / "lib/systemd/systemd-resolved"])
    world.await_visitor_dns(name, STUB)
    world.path.append(str(place / "usr/bin"))


def _user(world: World) -> int:
    """Its user, in copies of passwd and group where this machine has none."""
    try:
        return pwd.getpwnam(USER).pw_uid
    except KeyError:
        number = 64953
        for file, line in (("passwd", f"{USER}:x:{number}:{number}::/:/usr/sbin/nologin"), ("group", f"{USER}:x:{number}:")):
            copy = world.directory / file
            copy.write_text(Path(f"/etc/{file}").read_text() + line + "\n")
            subprocess.run(["mount", "--bind", copy, f"/etc/{file}"], check=True, timeout=10)
        return number
