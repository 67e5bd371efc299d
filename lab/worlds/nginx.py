"""nginx: {listen, cert, upstream | config, http, name}. Without either it serves a small good site."""
from world import Listener, World
from worlds import DEFAULT_LISTEN

GOOD_SITE = """
    default_type text/html;
    location = / { return 200 "<!doctype html><title>Shop</title><h1>Welcome</h1>"; }
    location = /cart { return 200 "<!doctype html><title>Cart</title><h1>Your cart</h1>"; }
    location = /style.css { default_type text/css; return 200 "h1 { color: teal }"; }
    location = /favicon.ico { default_type image/x-icon; return 200 "icon"; }
    location = /robots.txt { default_type text/plain; return 200 "User-agent: *\\nAllow: /\\n"; }
"""


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "nginx")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    body = spec.get("config") or (_proxy(spec["upstream"]) if "upstream" in spec else GOOD_SITE)
    cert = spec.get("cert", "shop")
    config = world.file(f"{name}.conf", f"""
daemon off; master_process off; pid @tmp@/{name}.pid; error_log @tmp@/{name}.error.log info;
events {{ worker_connections 256; }}
http {{
  access_log @tmp@/{name}.access.log;
  client_body_temp_path @tmp@/{name}.body; proxy_temp_path @tmp@/{name}.proxy; fastcgi_temp_path @tmp@/{name}.fastcgi;
  uwsgi_temp_path @tmp@/{name}.uwsgi; scgi_temp_path @tmp@/{name}.scgi;
  {spec.get("http", "")}
  server {{
    {" ".join(_listen(listener) for listener in listeners)}
    server_name _;
    ssl_certificate @cert:{cert}@; ssl_certificate_key @key:{cert}@;
    {body}
  }}
}}
""")
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["nginx", "-e", world.directory / f"{name}.error.log", "-c", config])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)


def _listen(listener: Listener) -> str:
    return f"listen {listener.endpoint}{' ssl http2' if listener.tls else ''};"


def _proxy(upstream: str) -> str:
    return f"location / {{ proxy_pass {upstream}; proxy_set_header Host $host; }}"
