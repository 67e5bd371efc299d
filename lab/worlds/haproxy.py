"""HAProxy: {listen, cert, upstream = [host:port...], server = server options, frontend, backend = further lines,
tail = lines after both}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "haproxy")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    crt = f" ssl crt @bundle:{spec.get('cert', 'shop')}@ alpn h2,http/1.1"
    binds = [f"bind {listener.endpoint}{crt if listener.tls else ''}" for listener in listeners]
    upstreams = spec.get("upstream", [])
    upstreams = [upstreams] if isinstance(upstreams, str) else upstreams
    servers = [f"server s{n} {address} {spec.get('server', '')}" for n, address in enumerate(upstreams, 1)]
    config = world.file(f"{name}.cfg", f"""
global
  log stdout format raw local0
  maxconn 200
  ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
  mode http
  log global
  option httplog
  timeout connect 2s
  timeout client 30s
  timeout server {spec.get("timeout_server", "30s")}
frontend front
  {_lines(binds)}
  {_lines(spec.get("frontend", []))}
  default_backend back
backend back
  {_lines(spec.get("backend", []))}
  {_lines(servers)}
{_lines(spec.get("tail", []))}
""")
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["haproxy", "-db", "-f", config])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)


def _lines(lines: list[str]) -> str:
    return "\n  ".join(lines)
