"""Addresses of a kitchen's orders."""

from django.urls import path

from gancang.food import kitchen_pages

app_name = "food"
urlpatterns = [
    path("", kitchen_pages.listing, name="list"),
    path("kitchen", kitchen_pages.kitchen, name="kitchen"),
    path("<str:code>", kitchen_pages.slip, name="slip"),
    path("<str:code>/accept", kitchen_pages.accept, name="accept"),
    path("<str:code>/refuse", kitchen_pages.refuse, name="refuse"),
    path("<str:code>/ready", kitchen_pages.ready, name="ready"),
]
