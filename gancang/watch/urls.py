"""Addresses of the operators' watch."""

from django.urls import path

from gancang.watch import alarm_pages, pages, replay_pages

app_name = "watch"
urlpatterns = [
    path("notes", pages.notes, name="notes"),
    path("notes/new", pages.new_note, name="new_note"),
    path("notes/<int:number>", pages.note, name="note"),
    path("notes/<int:number>/take", pages.take_over, name="take_over"),
    path("day", replay_pages.replay, name="replay"),
    path("day/open", replay_pages.open_then, name="open_then"),
    path("alarms", alarm_pages.alarms, name="alarms"),
    path("alarms.csv", alarm_pages.alarms_csv, name="alarms_csv"),
]
