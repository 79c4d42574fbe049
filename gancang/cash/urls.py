"""Addresses of patients' money."""

from django.urls import path

from gancang.cash import pages, refund_pages, till_pages

app_name = "cash"
urlpatterns = [
    path("", pages.holders, name="holders"),
    path("mine", pages.mine, name="mine"),
    path("people/<str:username>", pages.holder, name="holder"),
    path("people/<str:username>/hand-in", pages.hand_in, name="hand_in"),
    path("deposits/<int:number>", pages.deposit, name="deposit"),
    path("shortfalls/<int:number>", pages.follow_up, name="follow_up"),
    path("shortfalls/<int:number>/write-off", till_pages.write_off, name="write_off"),
    path("write-offs/<int:number>", till_pages.decide, name="decide"),
    path("tills", till_pages.tills, name="tills"),
    path("tills/pass-on", till_pages.pass_on, name="pass_on"),
    path("tills/bring", till_pages.bring, name="bring"),
    path("passed-on/<int:number>", till_pages.passed_on, name="passed_on"),
    path("qris", till_pages.qris, name="qris"),
    path("refunds", refund_pages.refunds, name="refunds"),
    path("refunds/<str:code>", refund_pages.refund, name="refund"),
    path("refunds/<str:code>/release", refund_pages.release_refund, name="release_refund"),
    path("refunds/<str:code>/pay", refund_pages.pay_back, name="pay_back"),
    path("orders/<str:code>", pages.payment, name="payment"),
]
