"""Addresses of the end of months and years, and of a budget's documents."""

from django.urls import path

from gancang.closing import budget_pages, pages, year_pages

app_name = "closing"
urlpatterns = [
    path("", pages.months, name="months"),
    path("months/<int:number>", pages.month, name="month"),
    path("months/<int:number>/confirm", pages.confirm, name="confirm"),
    path("months/<int:number>/take-back", pages.take_back, name="take_back"),
    path("months/<int:number>.xlsx", pages.workbook, name="workbook"),
    path("budgets/<int:number>", budget_pages.budget, name="budget"),
    path("years/<int:year>", year_pages.year, name="year"),
    path("years/<int:year>/left", year_pages.left, name="left"),
    path("years/<int:year>/confirm", year_pages.confirm, name="confirm_year"),
    path("years/<int:year>/take-back", year_pages.take_back, name="take_back_year"),
]
