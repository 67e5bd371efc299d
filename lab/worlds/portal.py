"""A network's login page: {listen, status, headers, body}. It answers every path alike until a program that calls itself
"Person" has opened a page of it: then the rules of the network that led everybody there are gone."""
import json
import sys
from pathlib import Path

if __name__ != "__main__":
    from world import Listener, World


def start(world: "World", spec: dict) -> None:
    listener = Listener(spec["listen"])
    world.network.hold(listener.address)
    answer = {"status": spec.get("status", 200), "headers": spec.get("headers", {}), "body": spec.get("body", "")}
    world.start("portal", [sys.executable, str(Path(__file__).resolve()), listener.address, str(listener.port), json.dumps(answer)])
    world.await_tcp("portal", listener.address, listener.port)


def serve(address: str, port: int, answer: dict) -> None:
    import subprocess
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.headers.get("User-Agent") == "Person":
                for chain in ("prerouting", "input"):
                    subprocess.run(["nft", "flush", "chain", "inet", "lab", chain], check=True)
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer["body"])))
            self.end_headers()
            self.wfile.write(answer["body"].encode())

    ThreadingHTTPServer((address, port), Portal).serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]))
