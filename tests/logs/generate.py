"""Logs with exact truth, made from a seed: each function below is one scenario. check.py runs them."""
import gzip
import json
import lzma
import random
import subprocess
from datetime import datetime, timedelta, timezone

BEGIN = 1795323600  # 2026-11-22 05:00:00 UTC
SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__.replace("_", "-")] = function
    return function


class Case:
    """Files being written, and what is true of them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = {}  # file -> [(second, order, text)]
        self.truth = {}  # (fault, upstream, number) -> seconds
        self.packed = {}
        self.began = {}  # fault -> words of what it began with
        self.arguments = []
        self.zone = timezone.utc
        self.order = 0

    def write(self, file, second, text):
        self.order += 1
        self.lines.setdefault(file, []).append((second, self.order, text if isinstance(text, bytes) else text.encode()))

    def failed(self, fault, upstream, second, number=0):
        self.truth.setdefault((fault, upstream, number), []).append(second)

    def client(self):
        return f"192.0.2.{self.random.randrange(1, 250)}"

    def times(self, count, begin=BEGIN, span=600):
        return sorted(begin + self.random.randrange(span) for _ in range(count))

    def local(self, second):
        return datetime.fromtimestamp(second, self.zone)

    def files(self):
        made = {}
        for name, lines in self.lines.items():
            data = b"".join(text + b"\n" for _, _, text in sorted(lines, key=lambda line: line[:2]))
            packed = self.packed.get(name)
            if packed == "gz":
                data, name = gzip.compress(data), name + ".gz"
            elif packed == "xz":
                data, name = lzma.compress(data), name + ".xz"
            elif packed == "zst":
                data, name = subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout, name + ".zst"
            made[name] = data
        return made

    def incidents(self):
        return [{"fault": fault, "upstream": upstream, "failed": len([s for s in seconds if s is not None]),
                 "first_seen": min(seconds), "last_seen": max(seconds), "began": self.began.get(fault, "")}
                for (fault, upstream, _), seconds in self.truth.items()]


CLF = "%d/%b/%Y:%H:%M:%S %z"
AGENTS = ["curl/7.88.1", "Mozilla/5.0 (X11; Linux x86_64) 502", "probe 504 \\x22 503 "]


def combined(case, second, client, url, status, file="access.log", method="GET", extra=""):
    case.write(file, second, f'{client} - - [{case.local(second).strftime(CLF)}] "{method} {url} HTTP/1.1" {status} '
               f'{case.random.randrange(100, 60000)} "-" "{case.random.choice(AGENTS)}"{extra}')


def nginx_error(case, second, client, url, message, upstream, file="error.log", connection=None, host="a.test", scheme="http", level="error"):
    number = connection or case.random.randrange(1, 10**7)
    where = f', upstream: "{scheme}://{upstream}{url if scheme == "http" else ""}"' if upstream else ""
    case.write(file, second, f'{case.local(second).strftime("%Y/%m/%d %H:%M:%S")} [{level}] 12#12: *{number} {message}, client: {client}, '
               f'server: {host}, request: "GET {url} HTTP/1.1"{where}, host: "{host}"')


REFUSED = "connect() failed (111: Connection refused) while connecting to upstream"
TIMED_OUT = "upstream timed out (110: Connection timed out) while reading response header from upstream"
CLOSED = "upstream prematurely closed connection while reading response header from upstream"


def noise(case, count=300, span=1200, **more):
    for second in case.times(count, span=span):
        combined(case, second, case.client(), case.random.choice(["/", "/502", "/a?x=504", "/img/503.png"]),
                 case.random.choice([200, 200, 200, 304, 404, 499, 301, 401]), **more)


def nginx_both(case, message, fault, upstream, status, count=40, begin=BEGIN, number=0, **more):
    for second in case.times(count, begin):
        client, url = case.client(), f"/p{case.random.randrange(9)}"
        nginx_error(case, second, client, url, message, upstream, **more)
        combined(case, second, client, url, status)
        case.failed(fault, upstream, second, number)


@scenario
def nginx_two_faults(case):
    noise(case)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:81", 502)
    nginx_both(case, TIMED_OUT, "upstream.read-timeout", "127.0.0.1:82", 504, 17)


@scenario
def uwsgi_restart_then_refused(case):
    noise(case)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:3031", 502)
    first = min(case.truth[("upstream.connection-refused", "127.0.0.1:3031", 0)])
    case.write("uwsgi.log", first - 20, f'*** Starting uWSGI 2.0.21-debian (64bit) on [{case.local(first - 20).strftime("%a %b %d %H:%M:%S %Y")}] ***')
    case.began["upstream.connection-refused"] = "*** Starting uWSGI"


@scenario
def ingress_slow_before_timeouts(case):
    def line(second, url, status, took):
        case.write("access.log", second, f'{case.client()} - - [{case.local(second).strftime(CLF)}] "GET {url} HTTP/1.1" {status} 20 "-" "-" 60 '
                   f'{took:.3f} [shop] [] 10.0.0.1:80 20 {took:.3f} {status} 0c1')

    for second in range(BEGIN, BEGIN + 300):
        line(second, "/cart", 200, 0.04 if second < BEGIN + 240 else 5.5)
    for second in range(BEGIN + 300, BEGIN + 320):
        line(second, "/cart", 504, 60)
        case.failed("origin.timeout", "10.0.0.1:80", second)
    case.began["origin.timeout"] = f"slow since {BEGIN + 240}"


@scenario
def nginx_gap(case):
    noise(case)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:81", 502)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:81", 502, 11, BEGIN + 3600, 1)


@scenario
def nginx_passed_on(case):
    noise(case)
    nginx_both(case, CLOSED, "upstream.closed-early", "127.0.0.1:81", 502)
    for second in case.times(9, BEGIN + 100):
        combined(case, second, case.client(), "/own", 502)
        case.failed("origin.bad-gateway", None, second)


@scenario
def nginx_no_live_upstreams(case):
    noise(case)
    for i, second in enumerate(case.times(60)):
        client, url = case.client(), "/x"
        if i % 10 == 0:
            nginx_error(case, second, client, url, REFUSED, "127.0.0.1:81")
        else:
            nginx_error(case, second, client, url, "no live upstreams while connecting to upstream", "app")
        combined(case, second, client, url, 502)
        case.failed("upstream.connection-refused", "127.0.0.1:81", second)


@scenario
def nginx_retried(case):
    """A second upstream answers: nobody saw an error."""
    for second in case.times(20):
        client, url = case.client(), f"/r{case.random.randrange(10**6)}"
        nginx_error(case, second, client, url, REFUSED, "127.0.0.1:81")
        combined(case, second, client, url, 200)
        case.truth.setdefault(("upstream.connection-refused", "127.0.0.1:81", 0), []).append(second)
    case.saved = True


@scenario
def nginx_both_tried(case):
    """Two upstreams, one after the other: one request, counted at the last one."""
    for second in case.times(20):
        client, url, number = case.client(), "/x", case.random.randrange(1, 10**7)
        nginx_error(case, second, client, url, REFUSED, "127.0.0.1:81", connection=number)
        nginx_error(case, second, client, url, REFUSED, "127.0.0.1:82", connection=number)
        combined(case, second, client, url, 502)
        case.failed("upstream.connection-refused", "127.0.0.1:82", second)


@scenario
def nginx_error_log_alone(case):
    for second in case.times(30):
        nginx_error(case, second, case.client(), "/x", TIMED_OUT, "127.0.0.1:81")
        case.failed("upstream.read-timeout", "127.0.0.1:81", second)
    for second in case.times(200):
        case.write("error.log", second, f'{case.local(second).strftime("%Y/%m/%d %H:%M:%S")} [info] 12#12: *9 client 192.0.2.1 closed keepalive connection')


@scenario
def nginx_access_alone(case):
    noise(case)
    for second in case.times(25):
        status = case.random.choice([502, 504])
        combined(case, second, case.client(), "/x", status)
        case.failed({502: "origin.bad-gateway", 504: "origin.timeout"}[status], None, second)


@scenario
def nginx_other_zone(case):
    case.zone = timezone(timedelta(hours=2))
    case.arguments = ["--timezone", "+02:00"]
    noise(case)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:81", 502)


def variables(case, second, client, url, status, ua, us, uct, uht, ubr):
    case.write("access.log", second, f'{client} - [{case.local(second).strftime(CLF)}] "GET {url} HTTP/1.1" {status} 157 ua={ua} us={us} '
               f'uct={uct} uht={uht} ubr={ubr}')


@scenario
def nginx_variables_alone(case):
    for second in case.times(300):
        variables(case, second, case.client(), "/x", 200, "127.0.0.1:81", "200", "0.000", "0.003", "900")
    for second in case.times(10):
        variables(case, second, case.client(), "/x", 502, "127.0.0.1:81", "502", "0.000", "-", "0")
        case.failed("upstream.closed-early", "127.0.0.1:81", second)
    for second in case.times(12):
        variables(case, second, case.client(), "/x", 504, "127.0.0.1:82", "504", "-", "-", "0")
        case.failed("upstream.connection-timeout", "127.0.0.1:82", second)
    for second in case.times(14):
        variables(case, second, case.client(), "/x", 504, "127.0.0.1:83", "504", "0.001", "-", "0")
        case.failed("upstream.read-timeout", "127.0.0.1:83", second)
    for second in case.times(8):
        variables(case, second, case.client(), "/x", 502, "127.0.0.1:84", "502", "0.001", "0.004", "350")
        case.failed("origin.bad-gateway", "127.0.0.1:84", second)


@scenario
def nginx_retry_in_variables(case):
    """The same with the upstreams named: what was tried first failed, the client did not notice."""
    for second in case.times(300):
        variables(case, second, case.client(), "/x", 200, "127.0.0.1:82", "200", "0.000", "0.003", "900")
    for second in case.times(9):
        client = case.client()
        nginx_error(case, second, client, "/y", REFUSED, "127.0.0.1:81")
        variables(case, second, client, "/y", 200, "127.0.0.1:81, 127.0.0.1:82", "502, 200", "-, 0.000", "-, 0.003", "0, 900")
        case.truth.setdefault(("upstream.connection-refused", "127.0.0.1:81", 0), []).append(second)
    case.saved = True


@scenario
def nginx_rotated(case):
    for part, name in enumerate(["access.log.3", "access.log.2", "access.log.1", "access.log"]):
        begin = BEGIN + part * 300
        for second in case.times(50, begin, 300):
            combined(case, second, case.client(), "/", 200, file=name)
        for second in case.times(6, begin, 300):
            client = case.client()
            combined(case, second, client, "/x", 502, file=name)
            nginx_error(case, second, client, "/x", REFUSED, "127.0.0.1:81", file=name.replace("access", "error"))
            case.failed("upstream.connection-refused", "127.0.0.1:81", second)
    case.packed = {"access.log.3": "xz", "access.log.2": "gz", "error.log.3": "zst", "error.log.2": "gz"}


@scenario
def nginx_one_file(case):
    """What `docker logs` gives: both logs in one."""
    for second in case.times(200):
        combined(case, second, case.client(), "/", 200, file="all.log")
    for second in case.times(20):
        client = case.client()
        nginx_error(case, second, client, "/x", REFUSED, "127.0.0.1:81", file="all.log")
        combined(case, second, client, "/x", 502, file="all.log")
        case.failed("upstream.connection-refused", "127.0.0.1:81", second)


@scenario
def nginx_docker(case):
    inner = Case(1)
    inner.random = case.random
    for second in case.times(100):
        combined(inner, second, case.client(), "/", 200)
    for second in case.times(12):
        client = case.client()
        nginx_error(inner, second, client, "/x", CLOSED, "127.0.0.1:81")
        combined(inner, second, client, "/x", 502)
        case.failed("upstream.closed-early", "127.0.0.1:81", second)
    for name, stream in (("access.log", "stdout"), ("error.log", "stderr")):
        for second, _, text in inner.lines[name]:
            case.write("container-json.log", second, json.dumps({"log": text.decode() + "\n", "stream": stream,
                       "time": datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.5Z")}, separators=(",", ":")))


@scenario
def nginx_odd_lines(case):
    noise(case)
    nginx_both(case, REFUSED, "upstream.connection-refused", "127.0.0.1:81", 502)
    for second in case.times(5):
        case.write("access.log", second, bytes(case.random.randrange(256) for _ in range(300)).replace(b"\n", b" "))
        case.write("access.log", second, b"x" * 1_000_000)
        case.write("error.log", second, b"2026/11/22 05:0")
        case.write("error.log", second, b"\xff\xfe\x00 not utf-8 \xc3\x28")


@scenario
def nginx_messages(case):
    for i, (message, fault, status) in enumerate([
            ("upstream timed out (110: Connection timed out) while connecting to upstream", "upstream.connection-timeout", 504),
            ("upstream sent too big header while reading response header from upstream", "upstream.header-too-large", 502),
            ("upstream sent invalid header: \"X\\x20: y\" while reading response header from upstream", "upstream.invalid-header", 502),
            ("SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream", "upstream.sni-missing", 502),
            ("upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream", "upstream.certificate", 502),
            ("connect() to 10.0.0.1:80 failed (113: No route to host) while connecting to upstream", "upstream.unreachable", 502),
            ("connect() to 10.0.0.1:80 failed (99: Cannot assign requested address) while connecting to upstream", "gateway.ephemeral-ports", 502),
            ("socket() failed (24: Too many open files) while connecting to upstream", "gateway.fd-limit", 500)]):
        nginx_both(case, message, fault, f"10.0.0.1:{80 + i}", status, 5 + i)


@scenario
def php_workers(case):
    for second in case.times(30):
        client, url = case.client(), "/index.php"
        nginx_error(case, second, client, url, TIMED_OUT, "127.0.0.1:9000", scheme="fastcgi")
        combined(case, second, client, url, 504)
        case.failed("upstream.workers-exhausted", "127.0.0.1:9000", second)
    for second in case.times(4):
        case.write("php-fpm.log", second, f'[{case.local(second).strftime("%d-%b-%Y %H:%M:%S")}] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it')


@scenario
def php_crash(case):
    for second in case.times(10):
        client, url = case.client(), "/index.php"
        nginx_error(case, second, client, url, "recv() failed (104: Connection reset by peer) while reading response header from upstream",
                    "unix:/run/php/php8.2-fpm.sock:", scheme="fastcgi")
        combined(case, second, client, url, 502)
        case.failed("upstream.closed-early", "unix:/run/php/php8.2-fpm.sock", second)
        case.write("php-fpm.log", second, f'[{case.local(second).strftime("%d-%b-%Y %H:%M:%S")}] WARNING: [pool www] child 42 exited on signal 11 (SIGSEGV) after 5.3 seconds from start')


@scenario
def gunicorn_timeout(case):
    for second in case.times(8):
        client = case.client()
        nginx_error(case, second, client, "/slow", CLOSED, "127.0.0.1:8000")
        combined(case, second, client, "/slow", 502)
        case.failed("upstream.closed-early", "127.0.0.1:8000", second)
        case.write("gunicorn.log", second, f'[{case.local(second).strftime("%Y-%m-%d %H:%M:%S +0000")}] [12] [CRITICAL] WORKER TIMEOUT (pid:14)')


def haproxy(case, second, server, timers, status, state, prefix=True, url="/x", file="haproxy.log", tail=""):
    stamp = case.local(second).strftime("%d/%b/%Y:%H:%M:%S") + ".123"
    before = f'{case.local(second).strftime("%b %e %H:%M:%S")} gw haproxy[12]: ' if prefix else ""
    case.write(file, second, f'{before}{case.client()}:5000 [{stamp}] web~ {server} {timers} {status} 217 - - {state} 1/1/0/0/0 0/0 "GET {url} HTTP/1.1"{tail}')


def haproxy_noise(case, **more):
    for second in case.times(300):
        haproxy(case, second, "app/s1", "0/0/0/5/6", case.random.choice([200, 304, 404]), "----", url="/502", **more)


@scenario
def haproxy_states(case):
    haproxy_noise(case)
    for server, timers, status, state, fault in [
            ("app/s2", "0/0/-1/-1/3001", 503, "SC--", "upstream.connection-refused"), ("app/s3", "0/0/-1/-1/1001", 503, "sC--", "upstream.connection-timeout"),
            ("app/s4", "0/0/0/-1/5", 502, "SH--", "upstream.closed-early"), ("app/s5", "0/0/0/-1/1001", 504, "sH--", "upstream.read-timeout"),
            ("app/s6", "0/0/0/-1/5", 502, "PH--", "upstream.invalid-header"), ("app/s7", "0/0/0/3/9", 200, "SD--", "upstream.truncated"),
            ("app/s8", "0/0/0/3/9", 502, "----", "origin.bad-gateway")]:
        for second in case.times(10):
            haproxy(case, second, server, timers, status, state)
            case.failed(fault, server, second)


@scenario
def haproxy_plain_and_https(case):
    haproxy_noise(case, prefix=False, tail=" 0/0/0/0/0 a.test/TLSv1.3/TLS_AES_256_GCM_SHA384")
    for second in case.times(15):
        haproxy(case, second, "app/s1", "0/0/0/-1/1001", 504, "sH--", prefix=False, tail=" 0/0/0/0/0 a.test/TLSv1.3/TLS_AES_256_GCM_SHA384")
        case.failed("upstream.read-timeout", "app/s1", second)


@scenario
def haproxy_health_check(case):
    haproxy_noise(case)
    case.write("haproxy.log", BEGIN - 1, f'{case.local(BEGIN - 1).strftime("%b %e %H:%M:%S")} gw haproxy[12]: Server app/s1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.')
    for second in case.times(20):
        haproxy(case, second, "app/<NOSRV>", "0/-1/-1/-1/0", 503, "SC--")
        case.failed("upstream.connection-timeout", "app/s1", second)


@scenario
def haproxy_tcp(case):
    for second in case.times(200):
        case.write("haproxy.log", second, f'{case.client()}:5000 [{case.local(second).strftime("%d/%b/%Y:%H:%M:%S")}.1] tcp app/s1 0/0/5 217 -- 1/1/0/0/0 0/0')
    for second in case.times(12):
        case.write("haproxy.log", second, f'{case.client()}:5000 [{case.local(second).strftime("%d/%b/%Y:%H:%M:%S")}.1] tcp app/s1 0/-1/3001 0 SC 1/1/0/0/3 0/0')
        case.failed("upstream.connection-refused", "app/s1", second)


def apache_error(case, second, level, text, client=None, thread=13):
    who = f"[client {client}:5000] " if client else ""
    reason, _, rest = text.partition("|")
    case.write("error.log", second, f'[{case.local(second).strftime("%a %b %d %H:%M:%S")}.123456 {case.local(second).year}] [{level}] [pid 12:tid {thread}] {reason}{who}{rest}')


@scenario
def apache_refused(case):
    noise(case)
    for i, second in enumerate(case.times(20)):
        client = case.client()
        apache_error(case, second, "proxy:error", "(111)Connection refused: |AH00957: http: attempt to connect to 127.0.0.1:81 (127.0.0.1:81) failed", thread=i)
        apache_error(case, second, "proxy_http:error", "|AH01114: HTTP: failed to make connection to backend: 127.0.0.1", client, thread=i)
        combined(case, second, client, "/x", 503)
        case.failed("upstream.connection-refused", "127.0.0.1:81", second)


@scenario
def apache_timeout(case):
    noise(case)
    for i, second in enumerate(case.times(20)):
        client = case.client()
        apache_error(case, second, "proxy_http:error", "(70007)The timeout specified has expired: |AH01102: error reading status line from remote server 127.0.0.1:81", client, thread=i)
        apache_error(case, second, "proxy:error", "|AH00898: Error reading from remote server returned by /x", client, thread=i)
        combined(case, second, client, "/x", 502)
        case.failed("upstream.read-timeout", "127.0.0.1:81", second)


@scenario
def apache_vhosts(case):
    for second in case.times(300):
        case.write("other_vhosts_access.log", second, f'a.test:80 {case.client()} - - [{case.local(second).strftime(CLF)}] "GET /502 HTTP/1.1" 200 157 "-" "curl"')
    for second in case.times(15):
        case.write("other_vhosts_access.log", second, f'a.test:80 {case.client()} - - [{case.local(second).strftime(CLF)}] "GET /x HTTP/1.1" 503 157 "-" "curl"')
        case.failed("origin.unavailable", None, second)


def caddy(case, second, status, message=None, uri="/x"):
    client = case.client()
    request = {"remote_ip": client, "remote_port": str(case.random.randrange(1024, 65535)), "proto": "HTTP/1.1", "method": "GET", "host": "a.test", "uri": uri, "headers": {"User-Agent": ["curl 502"]}}
    if message:
        case.write("caddy.log", second, json.dumps({"level": "error", "ts": second + .41, "logger": "http.log.error", "msg": message, "request": request,
                   "duration": .01, "status": status, "err_id": "x", "err_trace": "reverseproxy.statusError (reverseproxy.go:1272)"}, separators=(",", ":")))
    case.write("access.log", second, json.dumps({"level": "error" if status >= 400 else "info", "ts": second + .42, "logger": "http.log.access.log0", "msg": "handled request",
               "request": request, "user_id": "", "duration": .01, "size": 0, "status": status, "resp_headers": {"Server": ["Caddy"]}}, separators=(",", ":")))


@scenario
def caddy_messages(case):
    for second in case.times(200):
        caddy(case, second, case.random.choice([200, 404]))
    for message, fault, upstream, status in [
            ("dial tcp 127.0.0.1:81: connect: connection refused", "upstream.connection-refused", "127.0.0.1:81", 502),
            ("dial tcp: lookup app.test on 127.0.0.1:53: no such host", "upstream.name-not-resolved", "app.test", 502),
            ("net/http: timeout awaiting response headers", "upstream.read-timeout", None, 504),
            ("EOF", "upstream.closed-early", None, 502),
            ("x509: certificate has expired or is not yet valid: current time 2026 is after 2025", "upstream.certificate", None, 502)]:
        for second in case.times(7):
            caddy(case, second, status, message)
            case.failed(fault, upstream, second)


@scenario
def caddy_passed_on(case):
    for second in case.times(200):
        caddy(case, second, 200)
    caddy(case, BEGIN + 5, 502, "EOF")
    case.failed("upstream.closed-early", None, BEGIN + 5)
    for second in case.times(9):
        caddy(case, second, 502)
        case.failed("origin.bad-gateway", None, second)


@scenario
def envoy_text(case):
    def line(second, status, flags):
        stamp = datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.123Z")
        case.write("envoy.log", second, f'[{stamp}] "GET /x HTTP/1.1" {status} {flags} 0 91 1 - "{case.client()}" "curl" "8a1f" "a.test" "127.0.0.1:81"')
    for second in case.times(200):
        line(second, 200, "-")
    for flags, status, fault in [("UF", 503, "upstream.connection-refused"), ("UC", 503, "upstream.closed-early"), ("UT", 504, "upstream.read-timeout"),
                                 ("UF,URX", 503, "upstream.connection-refused"), ("-", 502, "origin.bad-gateway")]:
        for second in case.times(6):
            line(second, status, flags)
            case.failed(fault, "127.0.0.1:81", second)


@scenario
def envoy_json(case):
    def line(second, status, flags):
        case.write("envoy.log", second, json.dumps({"start_time": datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.123Z"), "method": "GET", "path": "/x",
                   "response_code": status, "response_flags": flags, "authority": "a.test", "upstream_host": "127.0.0.1:81"}))
    for second in case.times(200):
        line(second, 200, "-")
    for second in case.times(9):
        line(second, 504, "UT")
        case.failed("upstream.read-timeout", "127.0.0.1:81", second)


@scenario
def istio(case):
    stamp = lambda second: datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.123Z")
    tail = '0 91 1 - "192.0.2.7" "curl" "8a1f" "a.test" "10.0.0.1:80" outbound|80||app - 10.0.0.2:80 192.0.2.7:5000 - default'
    for second in case.times(100):
        case.write("istio-proxy.log", second, f'[{stamp(second)}] "GET /x HTTP/1.1" 200 - via_upstream - "-" {tail}')
    for second in case.times(9):
        case.write("istio-proxy.log", second, f'[{stamp(second)}] "GET /x HTTP/1.1" 503 UF upstream_reset_before_response_started{{remote_connection_failure|delayed_connect_error:_113}} - "-" {tail}')
        case.failed("upstream.unreachable", "10.0.0.1:80", second)


@scenario
def traefik_clf(case):
    for second in case.times(200):
        combined(case, second, case.client(), "/", 200, extra=' 12 "web@file" "http://127.0.0.1:81" 3ms')
    for second in case.times(9):
        combined(case, second, case.client(), "/x", 502, extra=' 12 "web@file" "http://127.0.0.1:81" 3ms')
        case.failed("origin.bad-gateway", "127.0.0.1:81", second)


@scenario
def traefik_json(case):
    def line(second, status, origin, size):
        case.write("traefik.json.log", second, json.dumps({"ClientHost": case.client(), "DownstreamStatus": status, "OriginStatus": origin, "OriginContentSize": size, "RequestMethod": "GET",
                   "RequestPath": "/x", "RequestHost": "a.test", "ServiceAddr": "127.0.0.1:81", "StartUTC": datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.1Z")}))
    for second in case.times(200):
        line(second, 200, 200, 900)
    for second in case.times(6):
        line(second, 504, 504, 15)
        case.failed("origin.timeout", "127.0.0.1:81", second)


@scenario
def aws_alb(case):
    def line(second, target, status, target_status, times):
        stamp = datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.123456Z")
        case.write("alb.log", second, f'https {stamp} app/web/1 {case.client()}:5000 {target} {times} {status} {target_status} 34 366 "GET https://a.test:443/x HTTP/1.1" "curl" ECDHE TLSv1.2 arn "Root=1" "a.test" "arn" 0 {stamp} "forward" "-" "-" "{target}" "{target_status}" "-" "-"')
    for second in case.times(200):
        line(second, "10.0.0.1:80", 200, 200, "0.001 0.003 0.000")
    for second in case.times(7):
        line(second, "10.0.0.1:80", 502, "-", "0.001 -1 -1")
        case.failed("upstream.closed-early", "10.0.0.1:80", second)
    for second in case.times(8):
        line(second, "10.0.0.1:80", 502, 502, "0.001 0.003 0.000")
        case.failed("origin.bad-gateway", "10.0.0.1:80", second)
    for second in case.times(9):
        line(second, "-", 503, "-", "-1 -1 -1")
        case.failed("upstream.all-down", None, second)


@scenario
def cloudfront(case):
    case.write("E1.2026-11-22-05.log", 0, "#Version: 1.0")
    fields = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) x-host-header x-edge-detailed-result-type"
    case.write("E1.2026-11-22-05.log", 1, "#Fields: " + fields)
    def line(second, status, result):
        when = datetime.fromtimestamp(second, timezone.utc)
        case.write("E1.2026-11-22-05.log", second, "\t".join([when.strftime("%Y-%m-%d"), when.strftime("%H:%M:%S"), "FRA2", "900", case.client(), "GET", "d.cloudfront.net", "/x", str(status), "-", "a.test", result]))
    for second in case.times(200):
        line(second, 200, "Hit")
    for result, status, fault in [("OriginConnectError", 502, "upstream.connection-refused"), ("OriginDnsError", 502, "upstream.name-not-resolved"), ("OriginError", 502, "origin.bad-gateway")]:
        for second in case.times(6):
            line(second, status, result)
            case.failed(fault, None, second)


@scenario
def cloudflare(case):
    def line(second, status, origin):
        case.write("logpush.log", second, json.dumps({"ClientIP": case.client(), "ClientRequestHost": "a.test", "ClientRequestMethod": "GET", "ClientRequestURI": "/x", "EdgeResponseStatus": status,
                   "OriginResponseStatus": origin, "OriginIP": "198.51.100.1", "EdgeStartTimestamp": datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}))
    for second in case.times(200):
        line(second, 200, 200)
    for status, origin, fault in [(521, 0, "upstream.connection-refused"), (522, 0, "upstream.connection-timeout"), (524, 0, "upstream.read-timeout"), (502, 502, "origin.bad-gateway")]:
        for second in case.times(6):
            line(second, status, origin)
            case.failed(fault, "198.51.100.1", second)


@scenario
def squid(case):
    for second in case.times(200):
        case.write("access.log", second, f"{second}.410      3 {case.client()} TCP_MISS/200 3900 GET http://a.test/502 - FIRSTUP_PARENT/127.0.0.1 text/html")
    for second in case.times(8):
        case.write("access.log", second, f"{second}.410      3 {case.client()} TCP_MISS/504 3900 GET http://a.test/x - FIRSTUP_PARENT/127.0.0.1 text/html")
        case.failed("origin.timeout", "127.0.0.1", second)


@scenario
def varnish(case):
    for second in case.times(200):
        combined(case, second, case.client(), "/", 200, file="varnishncsa.log", extra=' fetch_error="-"')
    for second in case.times(8):
        combined(case, second, case.client(), "/x", 503, file="varnishncsa.log", extra=' fetch_error="backend boot.app: fail errno 111 (Connection refused)"')
        case.failed("upstream.connection-refused", None, second)


@scenario
def lighttpd(case):
    def line(second, text):
        case.write("error.log", second, f'{case.local(second).strftime("%Y-%m-%d %H:%M:%S")}: {text}')
    for second in case.times(150):
        case.write("access.log", second, f'{case.client()} a.test - [{case.local(second).strftime(CLF)}] "GET / HTTP/1.1" 200 157 "-" "curl"')
    seconds = sorted(set(case.times(12)))
    for second in seconds:
        line(second, "(gw_backend.c.274) establishing connection failed: socket: tcp:127.0.0.1:81: Connection refused")
        line(second, "(gw_backend.c.960) all handlers for /x? on  are down.")
        case.write("access.log", second, f'{case.client()} a.test - [{case.local(second).strftime(CLF)}] "GET /x HTTP/1.1" 503 157 "-" "curl"')
        case.failed("upstream.connection-refused", "127.0.0.1:81", second)


@scenario
def healthy_nginx(case):
    noise(case, 2000)
    for second in case.times(200):
        case.write("error.log", second, f'{case.local(second).strftime("%Y/%m/%d %H:%M:%S")} [error] 12#12: *9 open() "/srv/favicon.ico" failed (2: No such file or directory), client: 192.0.2.1, server: a.test, request: "GET /502 HTTP/1.1", host: "a.test"')
    case.write("error.log", BEGIN, "2026/11/22 05:00:00 [notice] 12#12: signal 1 (SIGHUP) received from 90, reconfiguring")


@scenario
def healthy_haproxy(case):
    haproxy_noise(case)
    for state in ("CD--", "cD--", "CH--", "PR--", "LR--", "CC--"):
        for second in case.times(10):
            haproxy(case, second, "app/s1" if state[1] in "DHC" else "web/<NOSRV>", "0/0/0/5/6", 400 if state == "PR--" else 200, state)


@scenario
def healthy_caddy(case):
    for second in case.times(500):
        caddy(case, second, case.random.choice([200, 304, 404, 401]), uri="/status/502")


@scenario
def healthy_mixture(case):
    noise(case, 500)
    for second in case.times(50):
        case.write("php-fpm.log", second, f'[{case.local(second).strftime("%d-%b-%Y %H:%M:%S")}] NOTICE: [pool www] child 42 exited with code 0 after 5.3 seconds from start')
        case.write("gunicorn.log", second, f'[{case.local(second).strftime("%Y-%m-%d %H:%M:%S +0000")}] [12] [INFO] Booting worker with pid: 14')
        case.write("error.log", second, f'[{case.local(second).strftime("%a %b %d %H:%M:%S")}.1 2026] [core:error] [pid 12] [client 192.0.2.1:5000] AH00126: Invalid URI in request GET 502')


def make(name, seed):
    case = Case(f"{seed}-{name}")
    case.saved = False
    SCENARIOS[name](case)
    incidents = case.incidents()
    for incident in incidents:
        if case.saved:
            incident["failed"] = 0
    return case.files(), case.arguments, incidents
