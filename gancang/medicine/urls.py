"""Addresses of prescriptions and orders of medicine."""

from django.urls import path

from gancang.medicine import pages, rider_pages

app_name = "medicine"
urlpatterns = [
    path("new", pages.new, name="new"),
    path("queue", pages.queue, name="queue"),
    path("orders", pages.list_orders, name="list"),
    path("orders/<str:code>", pages.detail, name="detail"),
    path("orders/<str:code>/release", pages.release, name="release"),
    path("orders/<str:code>/take-back", pages.take_back, name="take_back"),
    path("orders/<str:code>/hand-over", rider_pages.hand_over, name="hand_over"),
    path("orders/<str:code>/photo", rider_pages.photo, name="photo"),
]
