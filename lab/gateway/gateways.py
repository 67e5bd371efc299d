"""The four gateways as Debian sets them up: /etc/nginx, /etc/haproxy, /etc/apache2, /etc/caddy with a row's parts in them.

Each takes its row's `config`, writes its files, starts, and knows its own check. `files = {"conf.d/x.conf" = "..."}` adds or replaces any
file of its folder, `starts = false`: it is expected not to start. The parts that each one takes stand in its docstring.
"""
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import machine
from world import Broken, World

READY_WITHIN = 10
WITHIN = 20
DEAD = "127.0.0.1:8999"  # where the neighbour's application is not


class Gateway:
    kind = ""
    folder = Path()
    main = ""
    logs: list[str] = []     # options and files, for rows that name them
    error_log = ""
    environment: dict[str, str] = {}

    def __init__(self, world: World, config: dict, neighbours: bool):
        self.world, self.config, self.neighbours = world, config, neighbours

    def part(self, name: str, indent: str = "") -> str:
        text = self.world.fill(self.config.get(name, "")).strip("\n")
        return "\n".join(indent + line if line else "" for line in text.split("\n"))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def enable(self, name: str, text: str) -> None:
        """A site as Debian keeps them: in sites-available, with a link in sites-enabled."""
        self.write(f"sites-available/{name}", text)
        link = self.folder / "sites-enabled" / name
        link.unlink(missing_ok=True)
        link.symlink_to(f"../sites-available/{name}")

    def arrange(self) -> None:
        self.files()
        for name, text in self.config.get("files", {}).items():
            self.write(name, self.world.fill(text).lstrip("\n"))

    def files(self) -> None:
        raise NotImplementedError

    def launch(self) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """With `starts = false` it is only tried."""
        try:
            self.launch()
        except Broken:
            if self.config.get("starts", True):
                raise
            return
        if not self.config.get("starts", True):
            raise Broken(f"{self.kind} started although its configuration is broken")
        self.await_port(self.config.get("port", 80))

    def await_port(self, port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            process = self.world.started.get(self.kind)
            if process and process.poll() is not None:
                break
            try:
                with socket.create_connection((machine.SITE, port), timeout=1):
                    return
            except OSError:
                time.sleep(0.02)
        raise Broken(f"{self.kind} does not answer: {self.world.log(self.kind) if self.kind in self.world.started else ''}")

    def run(self, *command: str) -> None:
        """A command that must succeed: a server that goes into the background by itself."""
        done = subprocess.run(command, env=os.environ | self.environment, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=WITHIN)
        if done.returncode:
            raise Broken(f"{command[0]}: {done.stdout[-600:]}")

    def named(self) -> list[str]:
        logs = self.logs if all(os.path.exists(word) for word in self.logs if word.startswith("/")) else []
        return ["--kind", self.kind, "--config", str(self.folder / self.main), *logs]

    def check(self) -> str:
        """What its own check has to say against the configuration; empty: nothing."""
        done = subprocess.run(self.check_command(), env=os.environ | self.environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=WITHIN)
        return "" if done.returncode == 0 else done.stdout[-400:]

    def check_command(self) -> list[str]:
        raise NotImplementedError

    def reload(self) -> None:
        raise NotImplementedError


class Nginx(Gateway):
    """main (top of nginx.conf), events, http (conf.d/tuning.conf), server (the site's server block), or site (its whole
    file); workers = 1, arguments = [...]."""
    kind, folder, main = "nginx", Path("/etc/nginx"), "nginx.conf"
    error_log = "/var/log/nginx/error.log"
    logs = ["--error-log", error_log, "--access-log", "/var/log/nginx/access.log"]

    def files(self) -> None:
        for folder in ("/var/log/nginx", "/var/cache/nginx"):
            Path(folder).mkdir(exist_ok=True)
        user = "" if "user " in self.config.get("main", "") else "user www-data;\n"
        text = f"""{user}worker_processes {self.config.get("workers", 1)};
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
include /etc/nginx/modules-enabled/*.conf;
{self.part("main")}

events {{
	worker_connections 768;
	# multi_accept on;
}}

http {{

	##
	# Basic Settings
	##

	sendfile on;
	tcp_nopush on;
	types_hash_max_size 2048;
	# server_tokens off;

	include /etc/nginx/mime.types;
	default_type application/octet-stream;

	##
	# Logging Settings
	##

	access_log /var/log/nginx/access.log;

	##
	# Gzip Settings
	##

	gzip on;

	##
	# Virtual Host Configs
	##

	include /etc/nginx/conf.d/*.conf;
	include /etc/nginx/sites-enabled/*;
}}
"""
        if "events" in self.config:
            text = text.replace("	worker_connections 768;", self.part("events", "\t"))
        self.write("nginx.conf", text)
        (self.folder / "sites-enabled/default").unlink(missing_ok=True)
        if "http" in self.config:
            self.write("conf.d/tuning.conf", self.part("http") + "\n")
        self.enable("shop", self.part("site") + "\n" if "site" in self.config else f"""# The shop.
server {{
    listen 80;
    server_name shop.example www.shop.example;

{self.part("server", "    ")}
}}
""")
        if self.neighbours:
            self.enable("blog", """server {
    listen 80;
    server_name blog.example;
    location / { return 200 "blog\\n"; }
}
""")
            self.enable("api", f"""server {{
    listen 80;
    server_name api.example;

    location / {{
        proxy_pass http://{DEAD};
        include proxy_params;
    }}
}}
""")

    def launch(self) -> None:
        self.run("nginx", *self.config.get("arguments", ["-g", "daemon on; master_process on;"]))

    def check_command(self) -> list[str]:
        return ["nginx", "-t", "-q", *self.config.get("arguments", [])]

    def reload(self) -> None:
        self.run("nginx", *self.config.get("arguments", []), "-s", "reload")


class Haproxy(Gateway):
    """global, defaults, frontend, backend (of the site), tail (further sections): lines; chroot = false, load = [further files]."""
    kind, folder, main = "haproxy", Path("/etc/haproxy"), "haproxy.cfg"
    error_log = "/var/log/haproxy.log"
    logs = ["--access-log", error_log]

    def files(self) -> None:
        Path("/run/haproxy").mkdir(exist_ok=True)
        shutil.chown("/run/haproxy", "haproxy", "haproxy")
        chroot = "\tchroot /var/lib/haproxy\n" if self.config.get("chroot", True) else ""
        routes = neighbours = ""
        if self.neighbours:
            routes = "\tuse_backend blog if { hdr(host) -i blog.example }\n\tuse_backend api if { hdr(host) -i api.example }\n"
            neighbours = f"""
backend blog
	http-request return status 200 content-type text/plain string blog

backend api
	server api1 {DEAD}
"""
        self.write("haproxy.cfg", f"""global
	log 127.0.0.1:514 local0
{chroot}	stats socket /run/haproxy/admin.sock mode 660 level admin
	stats timeout 30s
	user {self.config.get("user", "haproxy")}
	group {self.config.get("user", "haproxy")}
	maxconn 500
{self.part("global", "	")}

defaults
	log	global
	mode	http
	option	httplog
	option	dontlognull
	retries 0
	timeout connect 2s
	timeout client  30s
	timeout server  30s
{self.part("defaults", "	")}

frontend www
	bind :80
{self.part("frontend", "	")}
{routes}	default_backend shop

backend shop
{self.part("backend", "	")}
{neighbours}
{self.part("tail")}
""")

    def launch(self) -> None:
        machine.syslog(Path(self.error_log))
        self.world.start("haproxy", ["haproxy", "-W", *self._files(), "-p", "/run/haproxy.pid",
                                     "-S", "/run/haproxy-master.sock"])
        if not self.config.get("starts", True):
            self.world.started.pop("haproxy").wait(5)
            raise Broken("haproxy: not started")

    def check_command(self) -> list[str]:
        return ["haproxy", "-c", "-q", *self._files()]

    def reload(self) -> None:
        """A second signal is lost while the master still starts a worker (seen): sent again until there is a new one."""
        master = self.world.started["haproxy"]
        before = self._workers()
        for _ in range(READY_WITHIN):
            master.send_signal(signal.SIGUSR2)
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline:
                time.sleep(0.02)
                if self._workers() - before:
                    return

    def _workers(self) -> set[str]:
        pid = self.world.started["haproxy"].pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def _files(self) -> list[str]:
        return [word for file in (self.main, *self.config.get("load", [])) for word in ("-f", str(self.folder / file))]


class Apache(Gateway):
    """host (the site's VirtualHost), main (conf-enabled/tuning.conf), site (its whole file), modules = [further ones]."""
    kind, folder, main = "apache", Path("/etc/apache2"), "apache2.conf"
    error_log = "/var/log/apache2/error.log"
    logs = ["--error-log", error_log, "--access-log", "/var/log/apache2/access.log"]
    modules = ["proxy", "proxy_http", "proxy_fcgi", "headers", "rewrite"]
    environment = {"APACHE_RUN_USER": "www-data", "APACHE_RUN_GROUP": "www-data", "APACHE_PID_FILE": "/var/run/apache2/apache2.pid",
                   "APACHE_RUN_DIR": "/var/run/apache2", "APACHE_LOCK_DIR": "/var/lock/apache2", "APACHE_LOG_DIR": "/var/log/apache2", "LANG": "C"}

    def files(self) -> None:
        for folder in ("/var/log/apache2", "/run/apache2", "/run/lock/apache2", "/var/www/html"):
            Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.chown("/run/lock/apache2", "www-data")
        for name in [*self.modules, *self.config.get("modules", [])]:
            for suffix in (".load", ".conf"):
                link = self.folder / "mods-enabled" / (name + suffix)
                if (self.folder / "mods-available" / (name + suffix)).exists() and not link.exists():
                    link.symlink_to(f"../mods-available/{name}{suffix}")
        (self.folder / "sites-enabled/000-default.conf").unlink(missing_ok=True)
        self.write("conf-enabled/name.conf", "ServerName gw1.example\n")
        if "main" in self.config:
            self.write("conf-enabled/tuning.conf", self.part("main") + "\n")
        site = self.part("site") + "\n" if "site" in self.config else f"""<VirtualHost *:80>
	ServerName shop.example
	ServerAlias www.shop.example

{self.part("host", "	")}

	ErrorLog ${{APACHE_LOG_DIR}}/error.log
	CustomLog ${{APACHE_LOG_DIR}}/access.log combined
</VirtualHost>
"""
        self.enable("shop.conf", site)
        if self.neighbours:
            self.enable("neighbours.conf", f"""<VirtualHost *:80>
	ServerName blog.example
	DocumentRoot /var/www/html
	<Location "/">
		Require all granted
	</Location>
	RedirectMatch 204 ".*"
	ErrorLog ${{APACHE_LOG_DIR}}/error.log
	CustomLog ${{APACHE_LOG_DIR}}/access.log combined
</VirtualHost>

<VirtualHost *:80>
	ServerName api.example
	ProxyPass "/" "http://{DEAD}/"
	ErrorLog ${{APACHE_LOG_DIR}}/error.log
	CustomLog ${{APACHE_LOG_DIR}}/access.log combined
</VirtualHost>
""")

    def launch(self) -> None:
        self.run("apache2", "-k", "start")

    def check_command(self) -> list[str]:
        return ["apache2", "-t"]

    def reload(self) -> None:
        self.run("apache2", "-k", "graceful")


class Caddy(Gateway):
    """site (the site's block), main (global options), file (the whole Caddyfile)."""
    kind, folder, main = "caddy", Path("/etc/caddy"), "Caddyfile"
    error_log = "/var/log/caddy/caddy.log"
    logs = ["--error-log", error_log, "--access-log", "/var/log/caddy/access.log"]

    def files(self) -> None:
        Path("/var/log/caddy").mkdir(exist_ok=True)
        for folder in ("/var/log/caddy", "/var/lib/caddy"):
            shutil.chown(folder, "caddy", "caddy")
        neighbours = ""
        if self.neighbours:
            neighbours = f"""
http://blog.example {{
	respond "blog"
}}

http://api.example {{
	reverse_proxy {DEAD}
}}
"""
        self.write("Caddyfile", self.part("file") + "\n" if "file" in self.config else f"""{{
	admin localhost:2019
	log {{
		output file /var/log/caddy/caddy.log
	}}
{self.part("main", "	")}
}}

# The shop.
http://shop.example, http://www.shop.example {{
	log {{
		output file /var/log/caddy/access.log
	}}
{self.part("site", "	")}
}}
{neighbours}""")

    def launch(self) -> None:
        as_caddy = ["setpriv", "--reuid=caddy", "--regid=caddy", "--init-groups", "--inh-caps=+net_bind_service",
                    "--ambient-caps=+net_bind_service"]
        self.world.start("caddy", [*as_caddy, "caddy", "run", "--environ", "--config", self.folder / self.main],
                         {"HOME": "/var/lib/caddy", "XDG_DATA_HOME": "/var/lib/caddy", "XDG_CONFIG_HOME": "/var/lib/caddy"})
        if not self.config.get("starts", True):
            self.world.started.pop("caddy").wait(5)
            raise Broken("caddy: not started")

    def check_command(self) -> list[str]:
        return ["caddy", "validate", "--config", str(self.folder / self.main)]

    def reload(self) -> None:
        self.run("caddy", "reload", "--config", str(self.folder / self.main))


GATEWAYS = {gateway.kind: gateway for gateway in (Nginx, Haproxy, Apache, Caddy)}
PROGRAMS = {"nginx": "nginx", "haproxy": "haproxy", "apache": "apache2", "caddy": "caddy"}
