"""Addresses of what is sent later."""

from django.urls import path

from gancang.later import pages

app_name = "later"
urlpatterns = [
    path("worker.js", pages.worker, name="worker"),
    path("device-events", pages.device_events, name="device_events"),
    path("device-events/refused", pages.refused_events, name="refused_events"),
]
