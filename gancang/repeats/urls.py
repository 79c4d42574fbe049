"""Addresses of the supplies that end."""

from django.urls import path

from gancang.repeats import pages

app_name = "repeats"
urlpatterns = [
    path("", pages.ending, name="ending"),
    path("<str:code>/drop", pages.drop, name="drop"),
]
