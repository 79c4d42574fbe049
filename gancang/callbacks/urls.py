"""Addresses of calls. What is said on one may open a complaint: `complaints` has that page."""

from django.urls import path

from gancang.callbacks import pages

app_name = "callbacks"
urlpatterns = [path("", pages.listed, name="list")]
