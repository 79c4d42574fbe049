"""Addresses of meals by a calendar."""

from django.urls import path

from gancang.servings import courier_pages, pages, proof_pages, stall_pages

app_name = "servings"
urlpatterns = [
    path("", pages.day, name="day"),
    path("diners", pages.diners, name="diners"),
    path("diners/<int:number>", pages.diner, name="diner"),
    path("stalls", pages.stalls, name="stalls"),
    path("stalls/<int:number>/shut", pages.shut, name="shut"),
    path("kitchen", stall_pages.kitchen, name="kitchen"),
    path("kitchen/shut", stall_pages.fall_out, name="fall_out"),
    path("mine", courier_pages.mine, name="mine"),
    path("stops/<str:code>", proof_pages.stop, name="stop"),
    path("stops/<str:code>/seen", courier_pages.seen, name="seen"),
    path("stops/<str:code>/unseen", courier_pages.unseen, name="unseen"),
    path("welfare", courier_pages.welfare, name="welfare"),
    path("welfare/<int:number>", courier_pages.check, name="check"),
]
