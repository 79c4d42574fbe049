"""Labels as they are printed at the pharmacy."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

from gancang.audit.models import Event
from gancang.paperwork.queries import labels_of
from tests.cast import BORN, client_of, collected, place, release

if TYPE_CHECKING:
    from typing import Any

    from tests.cast import Cast


def test_a_label_names_the_patient_and_never_medicine_clinic_nik_or_date_of_birth(
    cast: Cast,
) -> None:
    order = release(cast, place(cast))
    sent = client_of(cast.pharmacist).get(f"/paperwork/orders/{order.code}/labels?printer")
    assert sent.status_code == 200
    assert b"Sari" in sent.content
    assert order.prescription.number.encode() in sent.content
    papers = order.prescription
    hidden = [papers.clinic, papers.prescriber, *papers.items.splitlines()]
    hidden += [BORN.strftime("%d-%m-%Y"), BORN.isoformat(), order.resident.nik]
    for secret in filter(None, hidden):
        assert secret.split(",")[0].encode() not in sent.content


def test_the_pdf_has_a_page_a_bag_and_its_printing_is_written_down(cast: Cast) -> None:
    order = release(cast, place(cast))
    sent = client_of(cast.clerk).get(f"/paperwork/orders/{order.code}/labels")
    assert sent["Content-Type"] == "application/pdf"
    assert sent["Cache-Control"] == "no-store"
    assert f"/Count {order.bags}".encode() in sent.content
    assert Event.objects.filter(kind="labels.printed", subject=order.code).count() == 1


def test_what_stands_on_the_label_is_what_the_rider_scans(cast: Cast) -> None:
    order = collected(cast)
    now = order.changed_at
    found = labels_of(cast.member(cast.pharmacist), [order], now=now)
    assert found[0].bag_code.startswith(order.bag_code)


def test_the_label_printer_of_the_house_gets_the_labels(cast: Cast, settings: Any) -> None:
    order = release(cast, place(cast))
    printed = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as printer:

        def take() -> None:
            sender, _ = printer.accept()
            with sender:
                while part := sender.recv(4096):
                    printed.extend(part)

        thread = threading.Thread(target=take)
        thread.start()
        port = printer.getsockname()[1]
        settings.LABEL_PRINTERS = {cast.hospital.code: f"127.0.0.1:{port}"}
        url = f"/paperwork/orders/{order.code}/print"
        answer = client_of(cast.pharmacist).post(url)
        thread.join()
    assert answer.status_code == 302
    assert b"Sari" in printed


def test_a_printer_that_is_off_says_so_and_nothing_is_noted_as_printed(
    cast: Cast, settings: Any
) -> None:
    order = release(cast, place(cast))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"/paperwork/orders/{order.code}/print"
    for printers in ({}, {cast.hospital.code: f"127.0.0.1:{port}"}):
        settings.LABEL_PRINTERS = printers
        assert client_of(cast.pharmacist).post(url).status_code == 409
    assert not Event.objects.filter(kind="labels.printed").exists()
