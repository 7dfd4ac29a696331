#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a socket as a service manager would, as descriptor 3, and becomes COMMAND with LISTEN_FDS=1.

    hand_socket.py tcp PORT COMMAND...        a listening socket
    hand_socket.py early PORT FILE COMMAND... the same, and a client that has asked for the status by then;
                                              what it gets goes to FILE
    hand_socket.py unix PATH COMMAND...
    hand_socket.py datagram|deaf PORT COMMAND...  a UDP socket; a TCP one that does not listen
"""

import os
import socket
import sys


def tcp(port, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(port)))
    return s


def ask_early(port, path):
    ready, told = os.pipe()
    if os.fork() == 0:
        client = socket.create_connection(("127.0.0.1", int(port)))
        client.sendall(b"GET /api/v1/status HTTP/1.0\r\n\r\n")
        os.write(told, b"x")
        with open(path, "wb") as answer:
            answer.write(client.recv(64))
        os._exit(0)
    os.read(ready, 1)


def main():
    kind, where, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    if kind == "unix":
        s = socket.socket(socket.AF_UNIX)
        s.bind(where)
    else:
        s = tcp(where, socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM)
    if kind not in ("datagram", "deaf"):
        s.listen(16)
    if kind == "early":
        ask_early(where, command.pop(0))
    if s.fileno() == 3:
        os.set_inheritable(3, True)
    else:
        os.dup2(s.fileno(), 3)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
