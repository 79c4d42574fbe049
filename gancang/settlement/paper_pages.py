"""Papers to be signed, as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.accounts.doors import MemberRequest, for_roles
from gancang.paper.lists import as_pdf as list_as_pdf
from gancang.paper.vouchers import as_pdf
from gancang.settlement import papers, queries
from gancang.settlement.pages import SEES, wanted_in
from gancang.web.files import as_file

if TYPE_CHECKING:
    from django.http import HttpResponse

PDF = "application/pdf"


@for_roles(*SEES)
def receipt(request: MemberRequest, reference: str) -> HttpResponse:
    """The kuitansi of a payment."""
    payment = queries.get_payment(request.membership.region, reference)
    data = as_pdf(papers.receipt_of(payment))
    return as_file(data, f"kuitansi-{payment.reference}.pdf", PDF, shown=True)


@for_roles(*SEES)
def minutes(request: MemberRequest, reference: str) -> HttpResponse:
    """The BAST of a payment."""
    payment = queries.get_payment(request.membership.region, reference)
    data = as_pdf(papers.minutes_of(payment))
    return as_file(data, f"bast-{payment.reference}.pdf", PDF, shown=True)


@for_roles(*SEES)
def recap(request: MemberRequest) -> HttpResponse:
    """The recap of a month by account codes."""
    wanted = wanted_in(request)
    data = list_as_pdf(papers.recap_listing(wanted))
    return as_file(data, f"spj-{wanted.month}.pdf", PDF, shown=True)
