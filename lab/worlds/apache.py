"""Apache httpd: {listen, cert, upstream | config (in every VirtualHost), server (outside of them)}."""
from world import Listener, World
from worlds import DEFAULT_LISTEN

MODULES = ["mpm_event", "authz_core", "headers", "rewrite", "alias", "mime", "dir", "proxy", "proxy_http",
           "proxy_balancer", "lbmethod_byrequests", "slotmem_shm", "ssl", "http2", "socache_shmcb", "setenvif"]


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "apache")
    listeners = [Listener(text) for text in spec.get("listen", DEFAULT_LISTEN)]
    body = spec.get("config") or f"ProxyPreserveHost On\n  ProxyPass / {spec['upstream']}/"
    modules = "\n".join(f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so" for module in MODULES)
    config = world.file(f"{name}.conf", f"""
ServerRoot @tmp@
ServerName shop.example
TypesConfig /dev/null
PidFile @tmp@/{name}.pid
ErrorLog @tmp@/{name}.error.log
DefaultRuntimeDir @tmp@
DocumentRoot @tmp@/htdocs
User www-data
Group www-data
{modules}
SSLSessionCache none
Protocols h2 http/1.1
<Directory @tmp@/htdocs>
  Require all granted
</Directory>
{spec.get("server", "")}
{"".join(_host(listener, spec.get("cert", "shop"), body) for listener in listeners)}
""")
    world.file("htdocs/index.html", "<!doctype html><title>Shop</title><h1>Welcome</h1>\n")
    for listener in listeners:
        world.network.hold(listener.address)
    world.start(name, ["apache2", "-D", "FOREGROUND", "-f", config])
    for listener in listeners:
        world.await_tcp(name, listener.address, listener.port)


def _host(listener: Listener, cert: str, body: str) -> str:
    tls = f"SSLEngine on\n  SSLCertificateFile @cert:{cert}@\n  SSLCertificateKeyFile @key:{cert}@" if listener.tls else ""
    return f"""Listen {listener.endpoint}
<VirtualHost {listener.endpoint}>
  ServerName shop.example
  {tls}
  {body}
</VirtualHost>
"""
