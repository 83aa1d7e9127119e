"""How a worker leaves: it takes nobody in any more, goes on answering whom it has taken in, and ends a little later."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

__all__ = ["Leaving"]

SECONDS = 1.0
"""From the word to leave until the end begins. A connection taken in a moment ago has sent its request by then;
the server would close it unread."""


class Leaving:
    """What a worker does on SIGTERM.

    Args: listens: the socket of its place. The supervisor holds it, too, so connections wait there for the successor.
    """

    def __init__(self, listens: socket.socket) -> None:
        self.begun = False
        """Whether it leaves: each answer says then that its connection ends, so that nobody asks on it again."""
        self._listens = listens.fileno()
        self._silent = socket.socket(socket.AF_UNIX)
        self._silent.setblocking(False)
        self._silent.bind("")  # to a name that the kernel makes up and nobody knows
        self._silent.listen()

    def arm(self) -> None:
        """From here on SIGTERM is ours; the server ends on SIGINT as it would have on SIGTERM."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGTERM, self._leave)

    def _leave(self) -> None:
        if self.begun:
            return
        self.begun = True
        os.dup2(self._silent.fileno(), self._listens, inheritable=False)
        self._loop.call_later(SECONDS, os.kill, os.getpid(), signal.SIGINT)
