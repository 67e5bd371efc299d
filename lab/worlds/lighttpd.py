"""lighttpd, plain HTTP: {listen (one), upstream = host:port}."""
from world import Listener, World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "lighttpd")
    listener = Listener(spec.get("listen", ["203.0.113.10:80"])[0])
    config = world.file(f"{name}.conf", f"""
server.modules = ("mod_proxy")
server.document-root = "@tmp@"
server.bind = "{listener.address}"
server.port = {listener.port}
server.errorlog = "@tmp@/{name}.error.log"
{_proxy(spec["upstream"])}
""")
    world.network.hold(listener.address)
    world.start(name, ["lighttpd", "-D", "-f", config])
    world.await_tcp(name, listener.address, listener.port)


def _proxy(upstream: str) -> str:
    host, port = upstream.rsplit(":", 1)
    return f'proxy.server = ("" => (("host" => "{host}", "port" => {port})))'
