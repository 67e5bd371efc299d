"""Real application servers behind the recorded gateways: PHP-FPM, gunicorn and uWSGI, with pages that fail in one known way.

What they write goes to logs/, beside the gateway's own, as on a machine that serves one site.
"""
import os
import signal
import socket
import subprocess
import time

PORT = 9002

PHP = """<?php
switch ('%s') {
  case 'slow': sleep(4); break;
  case 'crash': shell_exec('kill -SEGV ' . getmypid()); sleep(1); break;
}
echo "ok\\n";
"""

PYTHON = """
import os, time
KIND = '%s'
if KIND == 'no-boot':
    raise RuntimeError('no database')

def application(environ, start_response):
    if KIND == 'slow':
        time.sleep(4)
    if KIND == 'crash':
        os.kill(os.getpid(), 9)
    if KIND == 'error':
        raise RuntimeError('no database')
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
"""


class Application:
    """Started in the scenario's folder; `kind` is what its page does, `options` are the program's own."""

    def __init__(self, kind, **options):
        self.kind, self.options, self.process = kind, options, None

    def start(self, folder, logs):
        os.chmod(folder, 0o755)
        self.process = subprocess.Popen(self.command(folder, logs), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", PORT), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        if self.kind != "no-boot":
            raise RuntimeError(f"{type(self).__name__} did not start")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(self.options.get("signal", signal.SIGTERM))
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class PhpFpm(Application):
    def command(self, folder, logs):
        (folder / "app.php").write_text(PHP % self.kind)
        more = "\n".join(f"{name} = {value}" for name, value in self.options.get("pool", {}).items())
        (folder / "fpm.conf").write_text(f"""
[global]
error_log = {logs}/php-fpm.log
daemonize = no
[www]
user = root
group = root
listen = 127.0.0.1:{PORT}
pm = dynamic
pm.max_children = {self.options.get("children", 4)}
pm.start_servers = 1
pm.min_spare_servers = 1
pm.max_spare_servers = 1
{more}
""")
        return ["php-fpm8.2", "-R", "-F", "-n", "-y", str(folder / "fpm.conf")]


class Gunicorn(Application):
    def command(self, folder, logs):
        (folder / "app.py").write_text(PYTHON % self.kind)
        return ["gunicorn", "--bind", f"127.0.0.1:{PORT}", "--workers", "1", "--timeout", str(self.options.get("timeout", 30)),
                "--error-logfile", str(logs / "gunicorn.log"), "app:application"]


class Uwsgi(Application):
    def command(self, folder, logs):
        (folder / "app.py").write_text(PYTHON % self.kind)
        command = ["uwsgi", "--plugin", "python3", "--socket", f"127.0.0.1:{PORT}", "--wsgi-file", "app.py", "--master", "--processes", "1",
                   "--die-on-term", "--logto", str(logs / "uwsgi.log")]
        return command + (["--harakiri", str(self.options["harakiri"])] if "harakiri" in self.options else [])


FASTCGI = ("fastcgi_pass 127.0.0.1:9002; fastcgi_read_timeout %ds; fastcgi_param SCRIPT_FILENAME FOLDER/%s; "
           "fastcgi_param REQUEST_METHOD $request_method; fastcgi_param REQUEST_URI $request_uri; fastcgi_param QUERY_STRING $query_string;")
PROXY = "proxy_pass http://127.0.0.1:9002; proxy_read_timeout %ds;"
UWSGI = "include /etc/nginx/uwsgi_params; uwsgi_pass 127.0.0.1:9002; uwsgi_read_timeout %ds;"


def add_applications(add, nginx):
    """Scenarios named nginx-PROGRAM-WHAT; the fault is what the application's own log makes of it."""
    def one(name, fault, application, location, **more):
        add(name, nginx, fault, application=application, extra={"location": location}, **more)

    # One child, each page takes longer than nginx waits: the pool says that it is at its limit.
    one("fpm-max-children", "upstream.workers-exhausted", PhpFpm("slow", children=1), FASTCGI % (1, "app.php"), burst=2, count=2, linger=2)
    one("fpm-terminated", "upstream.closed-early", PhpFpm("slow", pool={"request_terminate_timeout": "1s"}), FASTCGI % (8, "app.php"), count=3)
    one("fpm-crash", "upstream.closed-early", PhpFpm("crash"), FASTCGI % (8, "app.php"), count=3)
    one("fpm-no-script", "upstream.script-not-found", PhpFpm("fine"), FASTCGI % (8, "gone.php"), count=3)
    one("fpm-healthy", None, PhpFpm("fine"), FASTCGI % (8, "app.php"))
    one("gunicorn-timeout", "upstream.closed-early", Gunicorn("slow", timeout=1), PROXY % 8, count=3, linger=1)
    one("gunicorn-killed", "upstream.closed-early", Gunicorn("crash"), PROXY % 8, count=3, linger=1)
    one("gunicorn-no-boot", "upstream.connection-refused", Gunicorn("no-boot"), PROXY % 8, count=3)
    one("gunicorn-error", "origin.error", Gunicorn("error"), PROXY % 8, count=3, upstream=None)
    one("gunicorn-healthy", None, Gunicorn("fine"), PROXY % 8)
    one("uwsgi-harakiri", "upstream.closed-early", Uwsgi("slow", harakiri=1), UWSGI % 8, count=3, linger=1)
    one("uwsgi-killed", "upstream.closed-early", Uwsgi("crash"), UWSGI % 8, count=3, linger=1)
    one("uwsgi-block-size", "gateway.header-limit", Uwsgi("fine"), UWSGI % 8, count=3, cookie=6000)
    one("uwsgi-healthy", None, Uwsgi("fine"), UWSGI % 8)
