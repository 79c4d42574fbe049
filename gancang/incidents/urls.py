"""Addresses of the log of incidents."""

from django.urls import path

from gancang.incidents import pages

app_name = "incidents"
urlpatterns = [
    path("", pages.log, name="log"),
    path("new", pages.new, name="new"),
    path("<int:number>", pages.incident, name="incident"),
    path("<int:number>/entries", pages.note, name="note"),
    path("<int:number>/close", pages.close, name="close"),
    path("<int:number>/read", pages.read, name="read"),
    path("<int:number>/seen", pages.see, name="see"),
    path("help", pages.call_for_help, name="call_for_help"),
    path("late/<int:number>", pages.see_late, name="see_late"),
    path("calls/<int:number>", pages.rang, name="rang"),
]
