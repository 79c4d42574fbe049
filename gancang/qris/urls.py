"""Addresses of bills paid by QRIS."""

from django.urls import path, re_path

from gancang.qris import api, list_pages, pages

app_name = "qris"
urlpatterns = [
    path("", pages.bills, name="bills"),
    path("own-code", pages.own_code, name="own_code"),
    path("bills/<str:code>", pages.story, name="story"),
    path("bills/<str:code>/confirm", pages.confirm, name="confirm"),
    path("mismatches", list_pages.mismatches, name="mismatches"),
    re_path(
        r"^mismatches/(?P<number>[0-9]{1,12})/(?P<wanted>refund|accept)$",
        list_pages.want,
        name="want",
    ),
    path("mismatches/<int:number>/agree", list_pages.stand_for, name="stand_for"),
    re_path(
        r"^mismatches/(?P<number>[0-9]{1,12})/(?P<deed>note|close|turn-down)$",
        list_pages.write,
        name="write",
    ),
    path("pay-outs", list_pages.pay_outs, name="pay_outs"),
    path("<str:gateway>/notice", api.notice, name="notice"),
]
