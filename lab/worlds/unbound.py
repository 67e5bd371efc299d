"""unbound: {listen = [address...], lines = [server clause line...], root, stub, upstream = address, tail}.

On the visitor's machine it has a control socket, as Debian's package gives it one."""
from world import World


def start(world: World, spec: dict) -> None:
    name = spec.get("name", "unbound")
    text = f"""server:
  directory: "@tmp@"
  chroot: ""
  username: ""
  pidfile: "@tmp@/{name}.pid"
  use-syslog: no
  num-threads: 1
  access-control: 0.0.0.0/0 allow
  access-control: ::0/0 allow
  module-config: "{spec.get('modules', 'iterator')}"
  do-not-query-localhost: no
  prefer-ip4: yes
  tls-service-key: "@key:resolver@"
  tls-service-pem: "@cert:resolver@"
"""
    visitor = spec.get("visitor", False)
    text += "".join(f"  interface: {address}\n" for address in spec["listen"])
    text += "" if visitor else "".join(f"  outgoing-interface: {address}\n" for address in spec["listen"])
    text += "".join(f"  {line}\n" for line in spec.get("lines", []))
    if "root" in spec:
        world.file(f"{name}.root", f". 3600 NS a.root-servers.net.\na.root-servers.net. 3600 A {spec['root']}\n")
        text += f'  root-hints: "@tmp@/{name}.root"\n'
    if "stub" in spec:
        text += f'stub-zone:\n  name: "example."\n  stub-addr: {spec["stub"]}\n'
    if "upstream" in spec:
        text += f'forward-zone:\n  name: "."\n  forward-addr: {spec["upstream"]}\n'
    text += f'remote-control:\n  control-enable: {"yes" if visitor else "no"}\n  control-interface: "@tmp@/{name}.ctl"\n'
    text += spec.get("tail", "")
    command = ["unbound", "-d", "-c", world.file(f"{name}.conf", text)]
    if visitor:
        world.start(name, [*world.network.enter, *command])
        world.await_visitor_dns(name, spec["listen"][0])
        return
    for address in spec["listen"]:
        world.network.hold(address)
    world.start(name, command)
    for address in spec["listen"]:
        world.await_dns(name, address)
