"""A network's login page: {listen = "ADDRESS:PORT"}. Every http page is redirected to it and https is refused, until /login
is fetched: then the network lets everything through."""
import sys
from pathlib import Path

if __name__ != "__main__":
    from world import Listener, World

RULES = ["add rule inet lab prerouting iifname up0 tcp dport 80 redirect to :{port}",
         "add rule inet lab input iifname up0 tcp dport 443 reject with tcp reset"]


def start(world: "World", spec: dict) -> None:
    listener = Listener(spec["listen"])
    world.network.hold(listener.address)
    world.start("portal", [sys.executable, str(Path(__file__).resolve()), listener.address, str(listener.port)])
    world.await_tcp("portal", listener.address, listener.port)
    for rule in RULES:
        world.network.nft(rule.format(port=listener.port) + "\n")


def serve(address: str, port: int) -> None:
    import subprocess
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self):
            login = self.path == "/login"
            if login:
                for chain in ("prerouting", "input"):
                    subprocess.run(["nft", "flush", "chain", "inet", "lab", chain], check=True)
            self.send_response(200 if login else 302)
            if not login:
                self.send_header("Location", f"http://{address}:{port}/login")
            self.send_header("Content-Length", "0")
            self.end_headers()

    ThreadingHTTPServer((address, port), Portal).serve_forever()


if __name__ == "__main__":
    sys.path.pop(0)
    serve(sys.argv[1], int(sys.argv[2]))
