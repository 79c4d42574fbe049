"""Small real gateways on loopback, which answer as the stories want and remember what they took."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Gateway:
    """What a gateway was told, and how it will answer: one status a call, then 200 for ever."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    silent_s: float = 0
    taken: dict[str, str] = field(default_factory=dict)  # Idempotency-Key -> number of the message

    def texts(self) -> list[str]:
        """The texts that it would have sent on, each once."""
        found: dict[str, str] = {}
        for call in self.asked:
            if call["status"] == 200:
                body = call["body"]
                text = body.get("text")
                found.setdefault(call["key"], text["body"] if isinstance(text, dict) else text)
        return list(found.values())


@contextmanager
def gateway(kind: str) -> Iterator[Gateway]:
    """A gateway of a kind ("sms", "whatsapp") that listens on loopback."""
    desk = Gateway()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            status, headers, told = desk.answers.pop(0) if desk.answers else (200, {}, None)
            call = {"body": body, "key": key, "status": status, "path": self.path}
            desk.asked.append(call | {"authorization": self.headers["Authorization"]})
            time.sleep(desk.silent_s)
            if status == 200 and told is None:
                number = desk.taken.setdefault(key, f"{kind}-{len(desk.taken) + 1}")
                told = {"id": number} if kind == "sms" else {"messages": [{"id": number}]}
            raw = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    desk.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
