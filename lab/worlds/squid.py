"""Squid: {listen (one), upstream = host:port: an accelerator; without: a forward proxy; config = further lines}."""
from world import Listener, World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "squid")
    listener = Listener(spec.get("listen", ["203.0.113.10:80"])[0])
    port = f"http_port {listener.endpoint}"
    if "upstream" in spec:
        host, upstream_port = spec["upstream"].rsplit(":", 1)
        port += f" accel defaultsite=shop.example no-vhost\ncache_peer {host} parent {upstream_port} 0 no-query originserver"
    config = world.file(f"{name}.conf", f"""
{spec.get("config", "http_access allow all")}
{port}
visible_hostname {name}.example
dns_nameservers {spec.get("dns", "198.51.100.153")}
pid_filename none
access_log none
cache_log stdio:@tmp@/{name}.cache.log
cache deny all
shutdown_lifetime 0 seconds
coredump_dir @tmp@
""")
    world.directory.joinpath(f"{name}.cache.log").touch(0o666)
    world.directory.joinpath(f"{name}.cache.log").chmod(0o666)
    world.network.hold(listener.address)
    world.start(name, ["squid", "-N", "-f", config])
    world.await_tcp(name, listener.address, listener.port)
