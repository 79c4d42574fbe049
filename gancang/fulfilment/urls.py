"""Addresses of visits, rides and transfers."""

from django.urls import path

from gancang.fulfilment import bank_pages, pages

app_name = "fulfilment"
urlpatterns = [
    path("", pages.list_cases, name="list"),
    path("new", pages.new, name="new"),
    path("mine", pages.mine, name="mine"),
    path("transfers", bank_pages.transfers, name="transfers"),
    path("transfers/lists", bank_pages.make_list, name="make_list"),
    path("transfers/lists/<int:number>", bank_pages.bank_file, name="bank_file"),
    path("transfers/statement", bank_pages.take_statement, name="take_statement"),
    path("<str:code>", pages.case, name="case"),
    path("<str:code>/begin", pages.begin, name="begin"),
    path("<str:code>/done", pages.done, name="done"),
    path("<str:code>/missed", pages.missed, name="missed"),
    path("<str:code>/cancel", pages.cancel, name="cancel"),
    path("<str:code>/verify", pages.verify, name="verify"),
    path("<str:code>/report", pages.report, name="report"),
]
