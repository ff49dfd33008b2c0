"""For processes that must not use the network: whatever leaves this machine is refused, and noted in a file.

Python imports a module of this name at its start, from the first place of PYTHONPATH on; worker processes too.
"""

import os
import socket

LOCAL = ("127.", "localhost", "::1", "0.0.0.0")
_connect, _sendto, _look_up = socket.socket.connect, socket.socket.sendto, socket.getaddrinfo


def _check(host: object) -> None:
    text = str(host)
    if host and not text.startswith(LOCAL) and text != socket.gethostname():
        with open(os.environ["OFFLINE_LOG"], "a") as file:
            file.write(f"{text}\n")
        raise ConnectionRefusedError(f"this process is offline, and {text} is not this machine")


def connect(self, address):
    """Connect to this machine only; a datagram socket that connects sends nothing."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and self.type != socket.SOCK_DGRAM:
        _check(address[0])
    return _connect(self, address)


def sendto(self, data, *rest):
    """Send datagrams to this machine only."""
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _check(rest[-1][0])
    return _sendto(self, data, *rest)


def getaddrinfo(host, *rest, **options):
    """Look up this machine only."""
    _check(host.decode() if isinstance(host, bytes) else host)
    return _look_up(host, *rest, **options)


socket.socket.connect, socket.socket.sendto, socket.getaddrinfo = connect, sendto, getaddrinfo
