"""h2o: {listen, cert, upstream = URL}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "h2o")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    text = f"user: root\nerror-log: @tmp@/{name}.error.log\nproxy.timeout.io: 2000\nhosts:\n"
    text += "".join(_host(listener, spec.get("cert", "shop"), spec["upstream"]) for listener in listeners)
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["h2o", "-m", "worker", "-c", world.file(f"{name}.yaml", text)])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)


def _host(listener: Listener, cert: str, upstream: str) -> str:
    tls = f"      ssl: {{ certificate-file: @cert:{cert}@, key-file: @key:{cert}@ }}\n" if listener.tls else ""
    return f"""  "{listener.endpoint}":
    listen:
      host: {listener.address}
      port: {listener.port}
{tls}    paths:
      "/":
        proxy.reverse.url: {upstream}
        proxy.preserve-host: ON
"""
