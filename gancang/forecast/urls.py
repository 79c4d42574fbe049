"""Addresses of the forecast."""

from django.urls import path

from gancang.forecast import pages

app_name = "forecast"
urlpatterns = [
    path("", pages.lines, name="lines"),
    path("<int:number>", pages.line, name="line"),
    path("notices/<int:number>/seen", pages.see, name="see"),
]
