"""Addresses of patients' money."""

from django.urls import path

from gancang.cash import pages

app_name = "cash"
urlpatterns = [
    path("", pages.holders, name="holders"),
    path("mine", pages.mine, name="mine"),
    path("people/<str:username>", pages.holder, name="holder"),
    path("people/<str:username>/hand-in", pages.hand_in, name="hand_in"),
    path("deposits/<int:number>", pages.deposit, name="deposit"),
    path("shortfalls/<int:number>", pages.follow_up, name="follow_up"),
    path("orders/<str:code>", pages.payment, name="payment"),
]
