"""Addresses of landmarks."""

from django.urls import path

from gancang.addresses import pages

app_name = "addresses"
urlpatterns = [
    path("", pages.landmarks, name="landmarks"),
    path("<int:number>", pages.landmark, name="landmark"),
    path("<int:number>/withdraw", pages.withdraw, name="withdraw"),
]
