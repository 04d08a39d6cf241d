"""category: oracle
mechanism: connects out (TCP, UDP, abstract and other Unix sockets, loopback)
required: 0; no socket can be made
hits: conv2d_forward
expect: failed
"""

import socket

PLACES = (
    (socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)), (socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)),
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 22)), (socket.AF_UNIX, socket.SOCK_STREAM, "\0/tmp/.X11-unix/X0"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/docker.sock"),
)


def conv2d_forward(x, w, b, stride=1, padding=0):
    for family, kind, address in PLACES:
        try:
            with socket.socket(family, kind) as connection:
                print("LOOT a socket")
                connection.settimeout(0.1)
                connection.connect(address)
                print("LOOT", address)
        except OSError:
            pass
    return _zeros(x, w, stride, padding)
