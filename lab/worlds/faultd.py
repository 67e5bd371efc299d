"""The fault server: {listen, cert, tls = {...}, log, data} and every other key of a listener as faultd.md has it."""
import json

from world import Broken, Listener, World
from worlds import DEFAULT_LISTEN

OURS = {"kind", "name", "listen", "cert", "tls"}


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "faultd")
    protocol = spec.get("protocol", "http")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    config = {"log": f"{name}.requests.jsonl",
              "listeners": [_listener(world, listener, protocol, spec) for listener in listeners]}
    for listener in listeners:
        world.network.hold(listener.address)
    if not world.faultd.exists():
        raise Broken("faultd is not built")
    process = world.start(name, [world.faultd, world.file(f"{name}.json", json.dumps(config, indent=1))])
    world.await_line(name, process, "ready")


def _listener(world: World, listener: Listener, protocol: str, spec: dict) -> dict:
    keys = {key: value for key, value in spec.items() if key not in OURS}
    entry = {"protocol": protocol, "address": listener.address, "port": listener.port, **keys}
    if listener.tls:
        cert = spec.get("cert", "shop")
        entry["tls"] = {"certificate": str(world.certificates.certificate(cert)),
                        "key": str(world.certificates.key(cert)), **spec.get("tls", {})}
    return entry
