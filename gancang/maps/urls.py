"""Addresses of the map."""

from django.urls import path

from gancang.maps import pages

app_name = "maps"
urlpatterns = [path("<str:region>/ground.json", pages.ground, name="ground")]
