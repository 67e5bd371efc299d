#!/usr/bin/python3
"""Records the logs that real gateways write during a fault, with the truth beside: lab/logs/record.py FOLDER [NAME...]

Runs as root in a network of its own (unshare --net), starts one gateway per scenario with servers behind it that fail in one
known way, sends requests at known seconds, and keeps what the gateway wrote. tests/logs/check.py compares.
"""
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from applications import add_applications  # noqa: E402

SILENT = "198.51.100.9"  # behind an interface that leads nowhere: a SYN to it is never answered
GATEWAY = 8080
GOOD, BAD, SECOND = 9001, 9002, 9003


def in_own_network():
    if os.environ.get("FIX502_RECORDING"):
        return
    os.environ["FIX502_RECORDING"] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])


def set_up_network():
    for command in ("ip link set lo up", "ip link add nowhere type veth peer name dropped",
                    "ip addr add 198.51.100.1/24 dev nowhere", "ip link set nowhere up", "ip link set dropped up",
                    f"ip neigh add {SILENT} lladdr 02:00:00:00:00:01 dev nowhere nud permanent"):
        subprocess.run(command.split(), check=True)


# ---------------------------------------------------------------- servers that fail
def head_of(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    return data


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


def answer(kind, connection):
    if kind == "plain":  # what a web server says to a TLS greeting
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.close()
        return
    data = head_of(connection)
    if not data:
        connection.close()
        return
    if kind == "good":
        connection.sendall(OK)
    elif kind == "close":
        pass
    elif kind == "reset":
        reset(connection)
        return
    elif kind == "silent":
        time.sleep(6)
    elif kind == "garbage":
        connection.sendall(b"\x00\x01\x02\x03 no http\x00\xff\n")
    elif kind == "text":
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    elif kind == "bad-header":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX Y\x01: a\r\nno colon\r\n\r\nok\n")
    elif kind == "big-header":
        connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: " + b"a" * 65536 + b"\r\nContent-Length: 3\r\n\r\nok\n")
    elif kind == "truncated":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 30000)
    elif kind == "bad-chunk":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n")
        time.sleep(0.05)
        connection.sendall(b"zz\r\nxx\r\n")
    elif kind == "own-502":
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\nown\n")
    elif kind == "own-503":
        connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nown\n")
    connection.close()


class Server:
    def __init__(self, kind, port):
        self.socket = socket.create_server(("127.0.0.1", port), backlog=128)
        self.open = True
        threading.Thread(target=self.serve, args=(kind,), daemon=True).start()

    def serve(self, kind):
        while self.open:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(kind, connection), daemon=True).start()

    def one(self, kind, connection):
        try:
            answer(kind, connection)
        except OSError:
            pass

    def stop(self):
        self.open = False
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


# ---------------------------------------------------------------- gateways
class Gateway:
    """Writes its configuration into a folder, and its logs into folder/logs."""

    def __init__(self, folder, up, extra):
        self.folder, self.logs, self.up, self.extra = folder, folder / "logs", up, extra
        self.logs.mkdir()
        self.process = None

    def start(self):
        command = self.command()
        self.process = subprocess.Popen(command, stdout=self.output(), stderr=subprocess.STDOUT, cwd=self.folder)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", GATEWAY), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise RuntimeError(f"{command[0]} did not start: {(self.folder / 'out').read_text()}")

    def output(self):
        return open(self.folder / "out", "wb")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Nginx(Gateway):
    name = "nginx"
    formats = {
        "combined": "",
        "variables": "log_format up '$remote_addr [$time_local] \"$request\" $status ua=$upstream_addr us=$upstream_status "
                     "uct=$upstream_connect_time uht=$upstream_header_time ubr=$upstream_bytes_received';",
        "json": "log_format up escape=json '{\"time\":\"$time_iso8601\",\"remote_addr\":\"$remote_addr\",\"request\":\"$request\","
                "\"status\":$status,\"upstream_addr\":\"$upstream_addr\",\"upstream_status\":\"$upstream_status\"}';",
    }

    def command(self):
        kind = self.extra.get("format", "combined")
        format_name = "up" if self.formats[kind] else "combined"
        servers = "".join(f"server {one} {self.extra.get('server_options', '')};" for one in self.up)
        scheme = self.extra.get("scheme", "http")
        access = "off" if self.extra.get("no_access") else f"{self.logs}/access.log {format_name}"
        (self.folder / "nginx.conf").write_text(f"""
daemon off; master_process off; pid {self.folder}/pid; error_log {self.logs}/error.log {self.extra.get('level', 'error')};
events {{ worker_connections 256; }}
http {{ {self.formats[kind]} access_log {access};
  client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2; fastcgi_temp_path {self.folder}/t3;
  uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
  proxy_connect_timeout 1s; proxy_read_timeout 1s; fastcgi_read_timeout 1s; {self.extra.get('http', '')}
  upstream app {{ {servers} }}
  server {{ listen 127.0.0.1:{GATEWAY}; server_name a.test;
    location /good {{ proxy_pass http://127.0.0.1:{GOOD}; }}
    location / {{ {self.extra.get('location', f'proxy_pass {scheme}://app;').replace('FOLDER', str(self.folder))} }} }} }}
""")
        return ["nginx", "-c", str(self.folder / "nginx.conf")]


class Haproxy(Gateway):
    name = "haproxy"

    def output(self):
        return open(self.logs / "haproxy.log", "wb")

    def command(self):
        servers = "\n".join(f"  server s{i + 1} {one} {self.extra.get('server_options', '')}" for i, one in enumerate(self.up))
        (self.folder / "haproxy.cfg").write_text(f"""
global
  log stdout format rfc3164 daemon
defaults
  mode http
  log global
  option httplog
  retries {self.extra.get('retries', 0)}
  timeout connect 1s
  timeout client 10s
  timeout server 1s
  timeout queue 1s
frontend web
  bind 127.0.0.1:{GATEWAY}
  use_backend good if {{ path_beg /good }}
  default_backend app
backend good
  server g 127.0.0.1:{GOOD}
backend app
{servers}
""")
        return ["haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")]

    def stop(self):
        super().stop()
        # What syslog puts before each line, as rsyslog's files have it.
        log = self.logs / "haproxy.log"
        lines = []
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("<"):
                lines.append(line[line.index(">") + 1:].replace(" localhost haproxy[", " gw haproxy[", 1))
        log.write_text("\n".join(lines) + "\n")


class Apache(Gateway):
    name = "apache"

    def command(self):
        modules = "/usr/lib/apache2/modules"
        load = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in (
            "mpm_event", "authz_core", "proxy", "proxy_http", "proxy_fcgi", "ssl", "socache_shmcb", "slotmem_shm", "lbmethod_byrequests",
            "proxy_balancer") if (Path(modules) / f"mod_{name}.so").exists())
        target = self.extra.get("target") or f"http://{self.up[0]}/"
        (self.folder / "httpd.conf").write_text(f"""
{load}
ServerRoot {self.folder}
PidFile {self.folder}/pid
ServerName a.test
Listen 127.0.0.1:{GATEWAY}
ErrorLog {self.logs}/error.log
LogLevel {self.extra.get('level', 'warn')}
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
CustomLog {self.logs}/access.log combined
ProxyTimeout 1
{self.extra.get('http', '')}
ProxyPass /good http://127.0.0.1:{GOOD}/good
ProxyPass / {target} retry={self.extra.get('retry', 0)} connectiontimeout=1 timeout=1
""")
        return ["apache2", "-X", "-f", str(self.folder / "httpd.conf")]


class Caddy(Gateway):
    name = "caddy"

    def command(self):
        (self.folder / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
  log {{
    output file {self.logs}/caddy.log
  }}
}}
http://127.0.0.1:{GATEWAY}, http://a.test:{GATEWAY} {{
  log {{
    output file {self.logs}/{'caddy' if self.extra.get('one_file') else 'access'}.log
  }}
  handle /good* {{
    reverse_proxy 127.0.0.1:{GOOD}
  }}
  handle {{
    reverse_proxy {' '.join(self.up)} {{
      {self.extra.get('proxy', '')}
      transport http {{
        dial_timeout 1s
        response_header_timeout 1s
        {self.extra.get('transport', '')}
      }}
    }}
  }}
}}
""")
        os.environ["HOME"] = str(self.folder)
        return ["caddy", "run", "--config", str(self.folder / "Caddyfile"), "--adapter", "caddyfile"]


class Lighttpd(Gateway):
    name = "lighttpd"

    def command(self):
        host, port = self.up[0].rsplit(":", 1)
        (self.folder / "lighttpd.conf").write_text(f"""
server.modules = ("mod_proxy", "mod_accesslog")
server.document-root = "{self.folder}"
server.bind = "127.0.0.1"
server.port = {GATEWAY}
server.errorlog = "{self.logs}/error.log"
accesslog.filename = "{self.logs}/access.log"
$HTTP["url"] =~ "^/good" {{ proxy.server = ("" => (("host" => "127.0.0.1", "port" => {GOOD}))) }}
else $HTTP["url"] =~ "" {{ proxy.server = ("" => (("host" => "{host}", "port" => {port}, "connect-timeout" => 1, "read-timeout" => 1,
   "disable-time" => 0))) }}
""")
        return ["lighttpd", "-D", "-f", str(self.folder / "lighttpd.conf")]


# ---------------------------------------------------------------- clients
def ask(path, host="a.test", cookie=0):
    """One request; the second in which it was sent, and the one in which it ended."""
    sent = time.time()
    try:
        with socket.create_connection(("127.0.0.1", GATEWAY), 10) as connection:
            more = f"Cookie: a={'x' * cookie}\r\n" if cookie else ""
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: recorder\r\n{more}Connection: close\r\n\r\n".encode())
            data = b""
            while True:
                more = connection.recv(65536)
                if not more:
                    break
                data += more
    except OSError:
        data = b""
    return int(sent), int(time.time()), data[9:12].decode(errors="replace")


def at_mid_second(fraction=0.15):
    now = time.time()
    time.sleep((1.0 + fraction - now % 1.0) % 1.0)


def run(name, scenario, target):
    gateway_class = scenario["gateway"]
    folder = Path(tempfile.mkdtemp(prefix="fix502-record-"))
    servers = [Server("good", GOOD)]
    for kind, port in scenario.get("servers", {}).items():
        servers.append(Server(kind, port) if kind != "tls" else TlsServer(port, folder))
    gateway = gateway_class(folder, scenario.get("up", [f"127.0.0.1:{BAD}"]), scenario.get("extra", {}))
    application = scenario.get("application")
    seconds = []
    statuses = []
    try:
        if application:
            application.start(folder, gateway.logs)
        gateway.start()
        if scenario.get("settle"):
            time.sleep(scenario["settle"])
        for i in range(scenario.get("count", 4)):
            at_mid_second()
            ask(f"/good/{i}")
            for _ in range(scenario.get("burst", 1)):
                sent, ended, status = ask(f"{scenario.get('path', '/shop')}/{i}?n={i}", cookie=scenario.get("cookie", 0))
                seconds.append(sent if gateway_class is Haproxy else ended)
                statuses.append(status)
        time.sleep(scenario.get("linger", 0.3))
    finally:
        gateway.stop()
        if application and application.process:
            application.stop()
        for server in servers:
            server.stop()
    truth = {"gateway": gateway_class.name, "recorded": True, "statuses": sorted(set(statuses)), "incidents": []}
    if scenario.get("fault"):
        truth["incidents"] = [{"fault": scenario["fault"], "upstream": scenario.get("upstream", f"127.0.0.1:{BAD}"),
                               "failed": scenario.get("failed", len(seconds)), "first_seen": min(seconds), "last_seen": max(seconds)}]
    out = target / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for log in gateway.logs.iterdir():
        if log.stat().st_size:
            shutil.copy(log, out / log.name)
            os.utime(out / log.name, (max(seconds) + 1, max(seconds) + 1))
    (target / f"{name}.json").write_text(json.dumps(truth, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{name}: {truth['statuses']}")


class TlsServer(Server):
    """A port that speaks TLS, with a certificate that nobody trusts."""

    def __init__(self, port, folder):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out", folder / "crt",
                        "-days", "30", "-subj", "/CN=other.test"], check=True, capture_output=True)
        import ssl
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "crt", folder / "key")
        super().__init__("tls", port)

    def one(self, kind, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as secure:
                head_of(secure)
                secure.sendall(OK)
        except OSError:
            connection.close()


def scenarios():
    all_of = {}
    up = f"127.0.0.1:{BAD}"
    n, h, a, c, l = Nginx, Haproxy, Apache, Caddy, Lighttpd

    def add(name, gateway, fault, **more):
        all_of[f"{gateway.name}-{name}"] = {"gateway": gateway, "fault": fault, **more}

    kinds = {"close": "upstream.closed-early", "reset": "upstream.closed-early", "silent": "upstream.read-timeout"}
    for gateway in (n, h, a, c):
        over = {"upstream": "app/s1"} if gateway is h else {}
        unnamed = {"upstream": None} if gateway is c else {}
        add("refused", gateway, "upstream.connection-refused", **over)
        add("connect-timeout", gateway, "upstream.connection-timeout", up=[f"{SILENT}:80"],
            upstream="app/s1" if gateway is h else f"{SILENT}:80", count=3)
        add("healthy", gateway, None, servers={"good": BAD})
        for kind, fault in kinds.items():
            more = dict(over)
            if gateway is c and kind != "reset":
                more = dict(unnamed)
            add(kind, gateway, fault, servers={kind: BAD}, **more)
        add("own-502", gateway, "origin.bad-gateway", servers={"own-502": BAD}, **(over or {"upstream": None}))
        add("truncated", gateway, "upstream.truncated", servers={"truncated": BAD},
            **(over or ({"upstream": None} if gateway in (a, c) else {})))
    add("healthy", l, None, servers={"good": BAD})
    # nginx
    add("variables-refused", n, "upstream.connection-refused", extra={"format": "variables"})
    add("variables-own-502", n, "origin.bad-gateway", servers={"own-502": BAD}, extra={"format": "variables"})
    add("json-silent", n, "upstream.read-timeout", servers={"silent": BAD}, extra={"format": "json"})
    add("garbage", n, "upstream.not-http", servers={"garbage": BAD})
    add("big-header", n, "upstream.header-too-large", servers={"big-header": BAD})
    add("bad-header", n, "upstream.invalid-header", servers={"bad-header": BAD})
    add("bad-chunk", n, "upstream.bad-chunking", servers={"bad-chunk": BAD})
    add("expects-plain", n, "upstream.expects-plain", servers={"plain": BAD}, extra={"scheme": "https"})
    add("certificate", n, "upstream.certificate", servers={"tls": BAD},
        extra={"location": f"proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt; proxy_pass https://127.0.0.1:{BAD};"})
    add("socket-missing", n, "upstream.socket-missing", up=["unix:/nowhere.sock"], upstream="unix:/nowhere.sock")
    add("no-live", n, "upstream.connection-refused", up=[up, f"127.0.0.1:{SECOND} down"], extra={}, burst=3)
    add("retried", n, "upstream.connection-refused", up=[f"{up} max_fails=0", f"127.0.0.1:{GOOD} backup"], failed=0, count=4)
    add("error-log-only", n, "upstream.connection-refused", extra={"no_access": True})
    add("no-resolver", n, "upstream.name-not-resolved", upstream="nowhere.test",
        extra={"location": "set $up nowhere.test; proxy_pass http://$up;"})
    add("fastcgi-refused", n, "upstream.connection-refused", extra={"location": f"fastcgi_pass 127.0.0.1:{BAD};"})
    add_applications(add, n)
    # HAProxy
    add("garbage", h, "upstream.invalid-header", servers={"garbage": BAD}, upstream="app/s1")
    add("bad-chunk", h, "upstream.bad-chunking", servers={"bad-chunk": BAD}, upstream="app/s1")
    add("down-by-check", h, "upstream.connection-refused", upstream="app/s1", extra={"server_options": "check inter 200ms fall 1"}, settle=1)
    add("no-server", h, "upstream.all-down", upstream="app", up=[], count=3)
    add("retries", h, "upstream.connection-refused", upstream="app/s1", extra={"retries": 2}, count=2)
    add("own-503", h, "origin.unavailable", upstream="app/s1", servers={"own-503": BAD})
    # Apache
    add("garbage", a, "upstream.not-http", servers={"garbage": BAD})
    add("bad-header", a, "upstream.invalid-header", servers={"bad-header": BAD}, upstream=None)
    add("big-header", a, "upstream.header-too-large", servers={"big-header": BAD}, upstream=None)
    add("name", a, "upstream.name-not-resolved", upstream="nowhere.test", extra={"target": "http://nowhere.test/"})
    add("socket-missing", a, "upstream.socket-missing", upstream="unix:/nowhere.sock", extra={"target": "unix:/nowhere.sock|http://a.test/"})
    add("disabled", a, "upstream.connection-refused", extra={"retry": 60}, count=4)
    # Caddy
    add("one-file", c, "upstream.connection-refused", extra={"one_file": True})
    add("garbage", c, "upstream.not-http", servers={"garbage": BAD}, upstream=None)
    add("bad-header", c, "upstream.invalid-header", servers={"bad-header": BAD}, upstream=None)
    add("name", c, "upstream.name-not-resolved", up=["nowhere.test:80"], upstream="nowhere.test")
    add("expects-plain", c, "upstream.expects-plain", servers={"plain": BAD}, upstream=None, extra={"transport": "tls_insecure_skip_verify"})
    add("certificate", c, "upstream.certificate", servers={"tls": BAD}, upstream=None, extra={"transport": "tls"})
    # lighttpd
    add("refused", l, "upstream.connection-refused")
    add("silent", l, "upstream.read-timeout", servers={"silent": BAD}, count=2, linger=3)
    add("own-502", l, "origin.bad-gateway", servers={"own-502": BAD}, upstream=None)
    return all_of


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    in_own_network()
    set_up_network()
    target = Path(sys.argv[1])
    wanted = sys.argv[2:]
    failed = 0
    for name, scenario in scenarios().items():
        if wanted and not any(part in name for part in wanted):
            continue
        try:
            run(name, scenario, target)
        except Exception as error:  # the others are recorded all the same
            failed += 1
            print(f"{name}: not recorded: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
