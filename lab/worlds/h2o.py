"""h2o: {listen, cert, upstream = URL}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "h2o")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    text = "user: root\nlisten:\n"
    for listener in listeners:
        text += f"  - host: {listener.address}\n    port: {listener.port}\n"
        if listener.tls:
            cert = spec.get("cert", "shop")
            text += f"    ssl:\n      certificate-file: @cert:{cert}@\n      key-file: @key:{cert}@\n"
    text += f"""error-log: @tmp@/{name}.error.log
proxy.timeout.io: 2000
hosts:
  default:
    paths:
      "/":
        proxy.reverse.url: {spec["upstream"]}
        proxy.preserve-host: ON
"""
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["h2o", "-m", "worker", "-c", world.file(f"{name}.yaml", text)])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)
