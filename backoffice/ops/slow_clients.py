"""Clients that send slowly, or never read: they hold a connection, and none of the few threads that answer.

gunicorn gives a connection to a thread as soon as it is there. Here it waits in the loop until the head of its request
has come whole, which behind a proxy it always has at once; and a thread waits for one piece of a body, or for room
for one piece of an answer, no longer than it takes to tell that nobody is there.
"""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

#: The head of a request has so long to come.
HEAD_SECONDS = 5
#: Each piece of its body, or of the answer, has so long.
PIECE_SECONDS = 15
#: A longer head is read by a thread, piece by piece.
_LONGEST_HEAD = 16_384
_GONE = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)


class Guest(TConn):
    """A connection, and how much of a head has been seen on it."""

    seen = 0


class WaitingWorker(ThreadWorker):
    """Threads that are given whole heads only."""

    poller: Any

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in _GONE:
                raise
            return
        self.nr_conns += 1
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", PIECE_SECONDS, 0))
        self._await_head(Guest(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_head(conn)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        if _is_whole(conn, client):
            conn.seen = 0
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            super().on_pending_socket_readable(conn, client)

    def _await_head(self, conn: Any) -> None:
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)


def _is_whole(conn: Any, client: Any) -> bool:
    """Is there a whole head, or nothing more to come? Else the loop looks again once there is more of it."""
    try:
        head = client.recv(_LONGEST_HEAD, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:  # it broke: the thread finds that out
        return True
    if b"\r\n\r\n" in head or len(head) in (conn.seen, _LONGEST_HEAD):
        return True
    conn.seen = len(head)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, len(head) + 1)
    return False
