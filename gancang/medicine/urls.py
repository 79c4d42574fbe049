"""Addresses of prescriptions and orders of medicine."""

from django.urls import path

from gancang.medicine import (
    desk_pages,
    many_pages,
    pages,
    rider_pages,
    trip_pages,
    visit_pages,
    way_pages,
)

app_name = "medicine"
urlpatterns = [
    path("new", pages.new, name="new"),
    path("many", many_pages.many_patients, name="many"),
    path("visits", visit_pages.visits, name="visits"),
    path("visits/<str:code>", visit_pages.visit, name="visit"),
    path("visits/<str:code>/take-on", visit_pages.take_on, name="take_on"),
    path("visits/<str:code>/not-met", visit_pages.not_met, name="not_met"),
    path("queue", desk_pages.queue, name="queue"),
    path("owed", desk_pages.owed, name="owed"),
    path("owed/<int:number>", desk_pages.close_owed, name="close_owed"),
    path("orders", pages.list_orders, name="list"),
    path("orders/<str:code>", desk_pages.detail, name="detail"),
    path("orders/<str:code>/review", desk_pages.review, name="review"),
    path("orders/<str:code>/prepare", desk_pages.prepare, name="prepare"),
    path("orders/<str:code>/fetch", desk_pages.fetch_all, name="fetch_all"),
    path("orders/<str:code>/release", desk_pages.release, name="release"),
    path("orders/<str:code>/join", trip_pages.join, name="join"),
    path("orders/<str:code>/part", trip_pages.part, name="part"),
    path("orders/<str:code>/take-back", desk_pages.take_back, name="take_back"),
    path("orders/<str:code>/hand-over", rider_pages.hand_over, name="hand_over"),
    path("counter", rider_pages.at_counter, name="at_counter"),
    path("returns", rider_pages.returns, name="returns"),
    path("counter/<str:code>/bring-on", way_pages.bring_on, name="bring_on"),
    path("counter/<str:code>/send-back", way_pages.send_back, name="send_back"),
    path("post", way_pages.parcels, name="parcels"),
    path("post/<str:code>", way_pages.post, name="post"),
    path("post/<str:code>/arrived", way_pages.arrived, name="arrived"),
    path("post/<str:code>/came-back", way_pages.post_failed, name="post_failed"),
    path("orders/<str:code>/take-in", rider_pages.take_in, name="take_in"),
    path("orders/<str:code>/dispose", rider_pages.dispose, name="dispose"),
    path("orders/<str:code>/photo", rider_pages.photo, name="photo"),
]
