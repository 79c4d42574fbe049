"""Labels as they are printed at the pharmacy."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.paperwork.queries import labels_of
from tests.cast import BORN, NIK, client_of, collected, place, release
from tests.pdf_text import text_of

if TYPE_CHECKING:
    from typing import Any

    from gancang.orders.models import Order
    from tests.cast import Cast


def forbidden(order: Order) -> list[str]:
    """What may not be read on the outside of a bag, each as somebody could write it."""
    papers = order.prescription
    named = [line.split()[0] for line in papers.items.splitlines()]
    born = [BORN.strftime(how) for how in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d%m%Y")]
    hidden = [*named, papers.clinic, papers.prescriber, NIK, *born]
    assert "Amlodipine" in named
    assert all(hidden)
    return hidden


@pytest.mark.parametrize("how", ["pdf", "printer"])
def test_a_label_names_the_patient_and_never_medicine_clinic_nik_or_date_of_birth(
    cast: Cast, how: str
) -> None:
    order = release(cast, place(cast))
    url = f"/paperwork/orders/{order.code}/labels" + ("?printer" if how == "printer" else "")
    sent = client_of(cast.pharmacist).get(url)
    assert sent.status_code == 200
    read = text_of(sent.content) if how == "pdf" else sent.content.decode("latin-1")
    assert "Sari" in read
    assert order.prescription.number in read
    assert order.bag_code in read
    assert [secret for secret in forbidden(order) if secret.lower() in read.lower()] == []


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
    read = printed.decode("latin-1").lower()
    assert [secret for secret in forbidden(order) if secret.lower() in read] == []


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
