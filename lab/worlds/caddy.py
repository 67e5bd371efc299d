"""Caddy: {listen, cert, upstream | config (in every site)}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "caddy")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    body = spec.get("config") or f"reverse_proxy {spec['upstream']}"
    sites = "".join(_site(listener, spec.get("cert", "shop"), body) for listener in listeners)
    config = world.file(f"{name}.caddyfile", "{\n  admin off\n  auto_https off\n}\n" + sites)
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["caddy", "run", "--adapter", "caddyfile", "--config", config],
                {"HOME": str(world.directory), "XDG_DATA_HOME": str(world.directory),
                 "XDG_CONFIG_HOME": str(world.directory)})
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)


def _site(listener: Listener, cert: str, body: str) -> str:
    tls = f"tls @cert:{cert}@ @key:{cert}@" if listener.tls else ""
    scheme = "https" if listener.tls else "http"
    return f"{scheme}://:{listener.port} {{\n  bind {listener.address}\n  {tls}\n  {body}\n}}\n"
