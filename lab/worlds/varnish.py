"""Varnish, plain HTTP: {listen, upstream = host:port, vcl = what follows the backend}."""
from world import Listener, World

CONNECT = ".connect_timeout = 2s; .first_byte_timeout = 3s; .between_bytes_timeout = 3s;"


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "varnish")
    listeners = [Listener(text) for text in spec.get("listen", ["203.0.113.10:80"])]
    host, port = spec["upstream"].rsplit(":", 1)
    vcl = world.file(f"{name}.vcl", f"""vcl 4.1;
backend default {{ .host = "{host}"; .port = "{port}"; {CONNECT} }}
{spec.get("vcl", "")}
""")
    for listener in listeners:
        world.network.hold(listener.address)
    accept = [part for listener in listeners for part in ("-a", listener.endpoint)]
    world.start(name, ["varnishd", "-F", "-j", "none", "-n", world.directory / f"{name}.work", "-f", vcl, *accept,
                       "-s", "malloc,16m", "-T", "none"])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)
