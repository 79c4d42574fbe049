"""Addresses of cards."""

from django.urls import path

from gancang.cards import pages

app_name = "cards"
urlpatterns = [
    path("<int:number>", pages.card, name="card"),
    path("<int:number>/replace", pages.replace, name="replace"),
    path("<int:number>/paper", pages.paper, name="paper"),
]
