#!/usr/bin/python3
"""A hosting company's configuration: large.py KIND FOLDER COUNT [FILES]: COUNT virtual hosts in FILES files (default 20 hosts each).

nginx: FOLDER/NNN.conf and FOLDER/snippets/*.inc; apache: FOLDER/NNN.conf; haproxy: FOLDER/routes.map and FOLDER/backends.cfg.
All of it loads; the hosts are hNNNN.hosting.example, and nothing of it is about shop.example.
"""
import sys
from pathlib import Path

PER_FILE = 20

NGINX_SNIPPETS = {
    "headers.inc": """# Sent with every answer.
add_header X-Frame-Options "SAMEORIGIN" always;
add_header X-Content-Type-Options nosniff always;
""",
    "proxy.inc": """proxy_set_header Host $host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_read_timeout 90s;
""",
}


def nginx_host(n: int) -> str:
    port = 20000 + n % 900
    return f"""
# --- customer {n:04d} -------------------------------------------------------
upstream pool_h{n:04d} {{
    server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;   # web{n % 7}
    server 127.0.0.1:{port + 1000} backup;
    keepalive 4;
}}

server {{
    listen 80;
    server_name h{n:04d}.hosting.example www.h{n:04d}.hosting.example *.h{n:04d}.hosting.example;
    root /var/www/h{n:04d};
    access_log /var/log/nginx/access.log combined;

    include @FOLDER@/snippets/headers.inc;

    location = /robots.txt {{ access_log off; log_not_found off; }}
    location ~* "\\.(?:css|js|png|jpe?g|svg|woff2)$" {{
        expires 7d;
        add_header Cache-Control "public; immutable";
    }}
    location / {{
        try_files $uri $uri/ @app;
    }}
    location @app {{
        include @FOLDER@/snippets/proxy.inc;
        proxy_pass http://pool_h{n:04d};
    }}
    location ~ ^/api/v(\\d+)/ {{
        include @FOLDER@/snippets/proxy.inc;
        proxy_set_header X-Api-Version $1;
        proxy_pass http://127.0.0.1:{port + 2000};
    }}
}}
"""


def apache_host(n: int) -> str:
    port = 20000 + n % 900
    return f"""
# customer {n:04d}
<VirtualHost *:80>
	ServerName h{n:04d}.hosting.example
	ServerAlias www.h{n:04d}.hosting.example *.h{n:04d}.hosting.example
	DocumentRoot /var/www/html
	<Location "/admin">
		Require ip 192.0.2.0/24
	</Location>
	RewriteEngine on
	RewriteRule "^/old/(.*)$" "/new/$1" [R=301,L]
	ProxyPass "/static/" "!"
	ProxyPass "/" "http://127.0.0.1:{port}/" connectiontimeout=5 timeout=90
	ProxyPassReverse "/" "http://127.0.0.1:{port}/"
	ErrorLog ${{APACHE_LOG_DIR}}/error.log
</VirtualHost>
"""


def haproxy_backend(n: int) -> str:
    return f"""
backend be_h{n:04d}
	balance leastconn
	# web{n % 7}
	server a 127.0.0.1:{20000 + n % 900} weight 10
	server b 127.0.0.1:{21000 + n % 900} weight 10 backup
"""


def write(kind: str, folder: Path, hosts: int, files: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "haproxy":
        (folder / "routes.map").write_text("".join(f"h{n:04d}.hosting.example be_h{n:04d}\n" for n in range(hosts)))
        (folder / "backends.cfg").write_text("".join(map(haproxy_backend, range(hosts))))
        return
    one = {"nginx": nginx_host, "apache": apache_host}[kind]
    for number in range(files):
        text = "".join(one(n) for n in range(number * hosts // files, (number + 1) * hosts // files))
        (folder / f"{number:03d}.conf").write_text(text.replace("@FOLDER@", str(folder)))
    if kind == "nginx":
        (folder / "snippets").mkdir(exist_ok=True)
        for name, text in NGINX_SNIPPETS.items():
            (folder / "snippets" / name).write_text(text)


if __name__ == "__main__":
    count = int(sys.argv[3])
    write(sys.argv[1], Path(sys.argv[2]), count, int(sys.argv[4]) if len(sys.argv) > 4 else max(1, count // PER_FILE))
