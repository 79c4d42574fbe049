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

from gancang.qris.testgateway.desk import PAID, Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Bank uji coba</title>
<style>body{{font:1.1rem/1.5 system-ui;max-width:24rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;padding:.7rem 1.2rem;width:100%}}</style>
<h1>Bank uji coba</h1><p>Halaman ini menggantikan aplikasi bank di ponsel pembeli. Tidak ada uang
sungguhan.</p>{body}</html>"""


@contextmanager
def serving(desk: Desk, port: int = 0) -> Iterator[str]:
    """The gateway listens on loopback until the block ends; its address."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._page()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/pay/"):
                known = desk.codes.get(unquote(self.path[5:]))
                if known is not None:
                    desk.pay(known.bill)
                self._page()
                return
            time.sleep(desk.manners.thinks_s)
            status, told = desk.answer(self.path, dict(self.headers.items()), body)
            self._say(status, json.dumps(told).encode(), "application/json")

        def _page(self) -> None:
            known = desk.codes.get(unquote(self.path.removeprefix("/pay/")))
            if known is None:
                body = "<p>Kode ini tidak dikenal.</p>"
            else:
                amount = html.escape(known.amount.partition(".")[0])
                paid = " (sudah dibayar)" if known.status == PAID else ""
                body = (
                    f"<p>{html.escape(known.bill)}: <strong>Rp {int(amount):,}</strong>{paid}</p>"
                    f'<form method="post"><button>Bayar</button></form>'
                ).replace(",", ".")
            self._say(200, PAGE.format(body=body).encode(), "text/html; charset=utf-8")

        def _say(self, status: int, raw: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
