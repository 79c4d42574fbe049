"""Addresses of labels, of lists and of keying in."""

from django.urls import path

from gancang.paperwork import pages

app_name = "paperwork"
urlpatterns = [
    path("", pages.downtime, name="downtime"),
    path("day-list.pdf", pages.day_list, name="day_list"),
    path("blank.pdf", pages.blank_list, name="blank_list"),
    path("labels.pdf", pages.all_labels, name="all_labels"),
    path("orders/<str:code>/labels", pages.labels, name="labels"),
    path("orders/<str:code>/print", pages.print_labels, name="print_labels"),
    path("orders/<str:code>/on-paper", pages.on_paper, name="on_paper"),
]
