"""Opens COUNT connections to ADDRESS:PORT (or to a Unix socket), sends TEXT on each (\\r\\n written out), and keeps them.

Usage: hold.py COUNT ADDRESS[:PORT] TEXT; prints "ready" when all stand (or could not be made).
"""
import signal
import socket
import sys

count, place, text = int(sys.argv[1]), sys.argv[2], sys.argv[3].encode().decode("unicode_escape").encode("latin-1")
held = []
for _ in range(count):
    unix = place.startswith("/")
    connection = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
    connection.settimeout(0.3)
    try:
        connection.connect(place if unix else (place.rsplit(":", 1)[0], int(place.rsplit(":", 1)[1])))
        connection.sendall(text)
    except OSError:
        pass
    held.append(connection)
print("ready", flush=True)
signal.pause()
