"""Addresses of what offices buy."""

from django.urls import path

from gancang.purchases import pages

app_name = "purchases"
urlpatterns = [
    path("", pages.purchases, name="list"),
    path("<int:number>/take-back", pages.take_back, name="take_back"),
]
