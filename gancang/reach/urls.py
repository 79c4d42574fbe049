"""Addresses of the ways to every village."""

from django.urls import path

from gancang.reach import pages

app_name = "reach"
urlpatterns = [path("where", pages.where, name="where")]
