"""lighttpd, plain HTTP: {listen (one), upstream = host:port | config}."""
from world import Listener, World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "lighttpd")
    listener = Listener(spec.get("listen", ["203.0.113.10:80"])[0])
    world.file("htdocs/index.html", "<!doctype html><title>Shop</title><h1>Welcome</h1>\n")
    config = world.file(f"{name}.conf", f"""
server.modules = ("mod_proxy", "mod_setenv")
server.document-root = "@tmp@/htdocs"
index-file.names = ("index.html")
server.bind = "{listener.address}"
server.port = {listener.port}
server.errorlog = "@tmp@/{name}.error.log"
{spec.get("config") or _proxy(spec["upstream"])}
""")
    world.network.hold(listener.address)
    world.start(name, ["lighttpd", "-D", "-f", config])
    world.await_tcp(name, listener.address, listener.port)


def _proxy(upstream: str) -> str:
    host, port = upstream.rsplit(":", 1)
    return f'proxy.server = ("" => (("host" => "{host}", "port" => {port})))'
