"""Addresses of deliveries of goods."""

from django.urls import path

from gancang.parcels import pages, rider_pages

app_name = "parcels"
urlpatterns = [
    path("", pages.list_orders, name="list"),
    path("new", pages.new, name="new"),
    path("<str:code>", pages.detail, name="detail"),
    path("<str:code>/ready", pages.ready, name="ready"),
    path("<str:code>/take-back", pages.take_back, name="take_back"),
    path("<str:code>/hand-over", rider_pages.hand_over, name="hand_over"),
    path("<str:code>/photo", rider_pages.photo, name="photo"),
]
