"""Addresses of what is said to patients, by them and for them."""

from django.urls import path

from gancang.contact import api, pages

app_name = "contact"
urlpatterns = [
    path("patient", pages.search, name="search"),
    path("patient/<str:code>", pages.order, name="order"),
    path("patient/<str:code>/do", pages.on_behalf, name="on_behalf"),
    path("patient/<str:code>/correct", pages.correct, name="correct"),
    path("patient/<str:code>/language", pages.language, name="language"),
    path("patient/<str:code>/slip", pages.slip, name="slip"),
    path("confirmations", pages.confirmations, name="confirmations"),
    path("confirmations/<str:code>", pages.confirm, name="confirm"),
    path("letters", pages.letters, name="letters"),
    path("letters/<int:number>", pages.letter, name="letter"),
    path("letters/<int:number>/end", pages.end_letter, name="end_letter"),
    path("messages", pages.inbox, name="messages"),
    path("messages/<int:number>", pages.message, name="message"),
    path("gateways/sms", api.sms, name="sms"),
    path("gateways/whatsapp", api.whatsapp, name="whatsapp"),
]
