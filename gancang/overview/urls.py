"""Addresses of what is read across capabilities."""

from django.urls import path

from gancang.overview import leaving_pages, month_pages, pages, person_pages

app_name = "overview"
urlpatterns = [
    path("orders/<str:code>", pages.case, name="case"),
    path("book", pages.book, name="book"),
    path("statement", month_pages.statement, name="statement"),
    path("statement.csv", month_pages.statement_csv, name="statement_csv"),
    path("budgets", pages.budgets, name="budgets"),
    path("events", pages.events, name="events"),
    path("people/<str:username>/leave", leaving_pages.leave, name="leave"),
    path("residents/<int:number>", person_pages.services, name="services"),
    path("residents/<int:number>/file", person_pages.give_file, name="give_file"),
    path("readings", pages.readings, name="readings"),
]
