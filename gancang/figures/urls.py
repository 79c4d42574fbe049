"""Addresses of the figures."""

from django.urls import path

from gancang.figures import pages

app_name = "figures"
urlpatterns = [
    path("", pages.figures, name="figures"),
    path("orders", pages.rows, name="rows"),
    path("figures.csv", pages.as_csv, name="csv"),
    path("figures.xlsx", pages.as_xlsx, name="xlsx"),
]
