"""Addresses of the auditor's desk, and of the seals that everybody may read."""

from django.urls import path

from gancang.inspection import pages, recheck_pages, seal_pages

app_name = "inspection"
urlpatterns = [
    path("", pages.desk, name="desk"),
    path("lines", pages.lines, name="lines"),
    path("draw", pages.draw, name="draw"),
    path("samples/<int:number>", pages.sample, name="sample"),
    path("samples/lines/<int:number>", pages.judge, name="judge"),
    path("rechecks", recheck_pages.rechecks, name="rechecks"),
    path("rechecks/<str:code>", recheck_pages.recheck, name="recheck"),
    path("rechecks/<str:code>/not-reached", recheck_pages.not_reached, name="not_reached"),
    path("seals/<slug:slug>", seal_pages.seals, name="seals"),
    path("seals/<slug:slug>.csv", seal_pages.seals_csv, name="seals_csv"),
]
