"""Two machines on one cable: the visitor's (a network namespace of its own) and "the internet" (this namespace).

The visitor has 192.0.2.2 and 2001:db8:ffff::2 on eth0 and sends everything to 192.0.2.1 / 2001:db8:ffff::1.
The internet side answers for every address it was given; packets to any other address vanish, as they do out there.
"""
import os
import subprocess
import time

CLIENT4, ROUTER4 = "192.0.2.2", "192.0.2.1"
CLIENT6, ROUTER6 = "2001:db8:ffff::2", "2001:db8:ffff::1"
TABLE = """
table inet lab {
  chain prerouting { type nat hook prerouting priority -100; }
  chain input { type filter hook input priority 0; }
  chain output { type filter hook output priority 0; }
}
"""


class Network:
    def __init__(self):
        self.client = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.client.pid}/ns/net") == own:
            time.sleep(0.001)
        self.enter = ["nsenter", f"--net=/proc/{self.client.pid}/ns/net", "--"]
        self.held = set()

    def connect(self, ipv6: bool = True, online: bool = True, route: bool = True, second: bool = False,
                largest_packet: int = 0) -> None:
        """`online`: the cable is in. `route`: there is a default route. `second`: eth1 leads out as well.

        `largest_packet`: IPv4 packets of more bytes are lost on the way, both ways, without a word."""
        for family in ("all", "default"):
            with open(f"/proc/sys/net/ipv6/conf/{family}/accept_dad", "w") as switch:
                switch.write("0")
        self._ip(f"link set lo up\nlink add up0 type veth peer name eth0 netns {self.client.pid}\nlink set up0 up\n"
                 f"addr add {ROUTER4}/25 dev up0\naddr add {ROUTER6}/64 dev up0 nodad\n"
                 "route add blackhole ::/0\n")  # else the kernel would answer for unknown IPv6 addresses
        client = "link set lo up\n"
        if online:
            client += f"link set eth0 up\naddr add {CLIENT4}/25 dev eth0\n"
            client += f"route add default via {ROUTER4}\n" if route else ""
        if online and ipv6:
            client += f"addr add {CLIENT6}/64 dev eth0 nodad\n"
            client += f"route add default via inet6 {ROUTER6}\n" if route else ""
        if second:
            self._ip(f"link add up1 type veth peer name eth1 netns {self.client.pid}\nlink set up1 up\n"
                     "addr add 192.0.2.129/25 dev up1\n")
            client += ("link set eth1 up\naddr add 192.0.2.130/25 dev eth1\nroute add default via 192.0.2.129 metric 900\n"
                       "route add default via 192.0.2.129 table 100\nrule add from 192.0.2.130 table 100\n")
        self._ip(client, self.enter)
        self.nft(TABLE)
        if largest_packet:
            self._lose_above(largest_packet)

    def _lose_above(self, size: int) -> None:
        # Without this the two ends would hand each other packets of 64 KiB, whatever was negotiated.
        self._ip("link set up0 gso_max_segs 1\n")
        self._ip("link set eth0 gso_max_segs 1\n", self.enter)
        for chain, way in (("input", "iifname"), ("output", "oifname")):
            self.nft(f"add rule inet lab {chain} {way} up0 ip length > {size} drop\n")

    def hold(self, address: str) -> None:
        """The internet side answers for this address."""
        if address in self.held or address in ("127.0.0.1", "::1", "0.0.0.0", ROUTER4, ROUTER6):
            return
        self.held.add(address)
        self._ip(f"addr add {address}/128 dev lo nodad\n" if ":" in address else f"addr add {address}/32 dev lo\n")

    @staticmethod
    def nft(rules: str) -> None:
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True, timeout=10)

    @staticmethod
    def _ip(batch: str, enter: list[str] = []) -> None:
        done = subprocess.run([*enter, "ip", "-batch", "-"], input=batch, text=True, capture_output=True, timeout=10)
        if done.returncode:
            raise OSError(f"ip: {done.stderr.strip()}")
