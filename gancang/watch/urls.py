"""Addresses of the operators' watch."""

from django.urls import path

from gancang.watch import pages

app_name = "watch"
urlpatterns = [
    path("notes", pages.notes, name="notes"),
    path("notes/new", pages.new_note, name="new_note"),
    path("notes/<int:number>", pages.note, name="note"),
    path("notes/<int:number>/take", pages.take_over, name="take_over"),
]
