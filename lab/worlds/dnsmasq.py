"""dnsmasq, forwarding: {listen = [address...], upstream = address, lines = [option...]}."""
from world import World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "dnsmasq")
    visitor = spec.get("visitor", False)
    for address in [] if visitor else spec["listen"]:
        world.network.hold(address)
    options = ["keep-in-foreground", "user=root", "group=root", "no-resolv", "no-hosts", "bind-interfaces", "no-poll",
               f"pid-file=@tmp@/{name}.pid", *(f"listen-address={address}" for address in spec["listen"]),
               *([f"server={spec['upstream']}"] if "upstream" in spec else []), *spec.get("lines", [])]
    config = world.file(f"{name}.conf", "\n".join(options) + "\n")
    if visitor:
        world.start(name, [*world.network.enter, "dnsmasq", f"--conf-file={config}"])
        world.await_visitor_dns(name, spec["listen"][0])
        return
    world.start(name, ["dnsmasq", f"--conf-file={config}"])
    for address in spec["listen"]:
        world.await_dns(name, address)
