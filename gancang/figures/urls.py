"""Addresses of the figures."""

from django.urls import path

from gancang.figures import counter_pages, coverage_pages, pages, success_pages

app_name = "figures"
urlpatterns = [
    path("", pages.figures, name="figures"),
    path("programmes/<slug:code>", success_pages.programme, name="programme"),
    path("orders", pages.rows, name="rows"),
    path("counter", counter_pages.counter, name="counter"),
    path("counter.csv", counter_pages.counter_csv, name="counter_csv"),
    path("coverage", coverage_pages.coverage, name="coverage"),
    path("coverage.json", coverage_pages.coverage_things, name="coverage_things"),
    path("coverage.csv", coverage_pages.coverage_file, name="coverage_csv"),
    path("figures.csv", pages.as_csv, name="csv"),
    path("figures.xlsx", pages.as_xlsx, name="xlsx"),
]
