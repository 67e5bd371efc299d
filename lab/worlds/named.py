"""BIND's named on the visitor's machine, forwarding: {listen = [address], upstream = address}; rndc has a key beside it."""
import subprocess

from world import World

CONTROL_PORT = 1953


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "named")
    key = world.directory / name / "rndc.key"
    config = world.file(f"{name}/named.conf", f"""include "{key}";
options {{
  directory "{key.parent}";
  pid-file none;
  listen-on {{ {spec['listen'][0]}; }};
  listen-on-v6 {{ none; }};
  forwarders {{ {spec['upstream']}; }};
  forward only;
  dnssec-validation no;
}};
controls {{ inet 127.0.0.1 port {CONTROL_PORT} allow {{ 127.0.0.1; }} keys {{ "rndc-key"; }}; }};
""")
    subprocess.run(["rndc-confgen", "-a", "-c", key], check=True, capture_output=True, timeout=10)
    world.start(name, [*world.network.enter, "named", "-g", "-c", config])
    world.await_visitor_dns(name, spec["listen"][0])
