"""A label printer in the house's own network: raw bytes to its port 9100."""

from __future__ import annotations

import socket

WAIT_S = 5


class NotPrinted(Exception):
    """The printer could not be reached, or stopped taking what it was sent."""


def send(address: str, data: bytes) -> None:
    """Send all of `data` to `host:port` (9100 if no port is named)."""
    host, _, port = address.partition(":")
    try:
        with socket.create_connection((host, int(port or 9100)), timeout=WAIT_S) as printer:
            printer.sendall(data)
            printer.shutdown(socket.SHUT_WR)
    except OSError as error:
        raise NotPrinted(str(error)) from error
