"""Addresses of the auditor's desk, and of the seals that everybody may read."""

from django.urls import path

from gancang.inspection import pages, seal_pages

app_name = "inspection"
urlpatterns = [
    path("", pages.desk, name="desk"),
    path("lines", pages.lines, name="lines"),
    path("draw", pages.draw, name="draw"),
    path("samples/<int:number>", pages.sample, name="sample"),
    path("samples/lines/<int:number>", pages.judge, name="judge"),
    path("seals/<slug:slug>", seal_pages.seals, name="seals"),
    path("seals/<slug:slug>.csv", seal_pages.seals_csv, name="seals_csv"),
]
