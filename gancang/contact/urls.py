"""Addresses of what is said to patients, by them and for them."""

from django.urls import path

from gancang.contact import pages

app_name = "contact"
urlpatterns = [
    path("patient", pages.search, name="search"),
    path("patient/<str:code>", pages.order, name="order"),
]
