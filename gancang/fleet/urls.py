"""Addresses of riders."""

from django.urls import path

from gancang.fleet import pages, paper_pages, plan_pages

app_name = "fleet"
urlpatterns = [
    path("riders", pages.riders, name="riders"),
    path("riders/new", pages.new_rider, name="new_rider"),
    path("riders/<int:number>", pages.rider, name="rider"),
    path("riders/<int:number>/change", pages.change_rider, name="change_rider"),
    path("riders/<int:number>/trainings", pages.train, name="train"),
    path("riders/<int:number>/papers", paper_pages.papers, name="papers"),
    path("riders/<int:number>/plan", plan_pages.rider_plan, name="rider_plan"),
    path("plan", plan_pages.week, name="plan"),
    path("plan/copy", plan_pages.copy, name="copy_week"),
    path("endings", paper_pages.endings, name="endings"),
    path("endings.csv", paper_pages.endings_csv, name="endings_csv"),
    path("mine", paper_pages.mine, name="mine"),
]
