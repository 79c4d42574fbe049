"""The test gateway's door: SNAP for us, and a page on which a buyer pays in a demonstration."""

from __future__ import annotations

import html
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

from gancang.qris.testgateway.desk import PAID, Desk, Known

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Bank uji coba</title>
<style>body{{font:1.1rem/1.5 system-ui;max-width:24rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.7rem 1.2rem;width:100%}}</style>
<h1>Bank uji coba</h1><p>Halaman ini menggantikan aplikasi bank di ponsel pembeli. Tidak ada uang
sungguhan.</p>{body}</html>"""


class Door(BaseHTTPRequestHandler):
    """One request: of the merchant's, or of a buyer's browser."""

    desk: Desk

    def do_GET(self) -> None:
        self._say(200, _page_of(self._known()), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/pay/"):
            if known := self._known():
                self.desk.pay(known.bill)
            self.do_GET()
            return
        time.sleep(self.desk.manners.thinks_s)
        status, told = self.desk.answer(self.path, dict(self.headers.items()), body)
        self._say(status, json.dumps(told).encode(), "application/json")

    def _known(self) -> Known | None:
        return self.desk.codes.get(unquote(self.path.removeprefix("/pay/")))

    def _say(self, status: int, raw: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


def _page_of(known: Known | None) -> bytes:
    if known is None:
        return PAGE.format(body="<p>Kode ini tidak dikenal.</p>").encode()
    amount = f"{int(known.amount.partition('.')[0]):,}".replace(",", ".")
    paid = " (sudah dibayar)" if known.status == PAID else ""
    told = f"<p>{html.escape(known.bill)}: <strong>Rp {amount}</strong>{paid}</p>"
    button = '<form method="post"><button>Bayar</button></form>'
    return PAGE.format(body=told + button).encode()


@contextmanager
def serving(desk: Desk, port: int = 0) -> Iterator[str]:
    """The gateway listens on loopback until the block ends; its address."""
    door = type("DoorOfDesk", (Door,), {"desk": desk})
    server = ThreadingHTTPServer(("127.0.0.1", port), door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
