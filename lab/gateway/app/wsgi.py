"""The shop behind the gateways, as a WSGI application. What it does is in the path; anything else is a page."""
import os
import time


def application(environ, start_response):
    path = environ.get("PATH_INFO", "/")
    headers = [("Content-Type", "text/html; charset=utf-8")]
    _, verb, argument = (path.split("/") + ["", ""])[:3]
    if verb == "slow":
        time.sleep(float(argument))
    elif verb == "header":
        headers.append(("Set-Cookie", "session=" + "x" * int(argument)))
    elif verb == "crash":
        os._exit(1)
    elif verb == "missing":
        start_response("404 Not Found", headers)
        return [b"<h1>Not here</h1>\n"]
    body = f"<!doctype html><title>Shop</title><h1>{path}</h1>\n".encode()
    start_response("200 OK", headers + [("Content-Length", str(len(body)))])
    return [body]


app = application
