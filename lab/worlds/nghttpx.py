"""nghttpx: {listen, cert, upstream = host:port}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "nghttpx")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    cert = spec.get("cert", "shop")
    fronts = [f"--frontend={listener.address},{listener.port}{'' if listener.tls else ';no-tls'}"
              for listener in listeners]
    host, port = spec["upstream"].rsplit(":", 1)
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["nghttpx", "--conf=/dev/null", "--workers=1", "--single-process", *fronts,
                       f"--backend={host},{port}", f"--errorlog-file={world.directory / name}.error.log",
                       world.certificates.key(cert), world.certificates.certificate(cert)])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)
