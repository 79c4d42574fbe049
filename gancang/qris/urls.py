"""Addresses of bills paid by QRIS."""

from django.urls import path

from gancang.qris import api, list_pages, pages

app_name = "qris"
urlpatterns = [
    path("", pages.bills, name="bills"),
    path("own-code", pages.own_code, name="own_code"),
    path("bills/<str:code>", pages.story, name="story"),
    path("bills/<str:code>/confirm", pages.confirm, name="confirm"),
    path("mismatches", list_pages.mismatches, name="mismatches"),
    *(
        path(f"mismatches/<int:number>/{deed}", list_pages.want, {"wanted": deed}, name=deed)
        for deed in ("refund", "accept")
    ),
    path("mismatches/<int:number>/agree", list_pages.stand_for, name="stand_for"),
    *(
        path(
            f"mismatches/<int:number>/{deed}",
            list_pages.write,
            {"deed": deed},
            name=deed.replace("-", "_"),
        )
        for deed in ("note", "close", "turn-down")
    ),
    path("pay-outs", list_pages.pay_outs, name="pay_outs"),
    path("<str:gateway>/notice", api.notice, name="notice"),
]
