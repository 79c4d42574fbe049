"""Addresses of riders."""

from django.urls import path

from gancang.fleet import pages

app_name = "fleet"
urlpatterns = [
    path("riders", pages.riders, name="riders"),
    path("riders/new", pages.new_rider, name="new_rider"),
    path("riders/<int:number>", pages.rider, name="rider"),
    path("riders/<int:number>/change", pages.change_rider, name="change_rider"),
    path("riders/<int:number>/trainings", pages.train, name="train"),
]
