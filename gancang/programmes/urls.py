"""Addresses of programmes: read, compare, take along."""

from django.urls import path

from gancang.programmes import pages

app_name = "programmes"
urlpatterns = [
    path("", pages.list_all, name="list"),
    path("<slug:code>/", pages.programme, name="programme"),
    path("<slug:code>/compare", pages.compare, name="compare"),
    path("<slug:code>/<int:version>.toml", pages.export, name="export"),
]
