"""Addresses of complaints."""

from django.urls import path

from gancang.complaints import call_pages, pages

app_name = "complaints"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("new", pages.tell, name="tell"),
    path("calls/<int:number>", call_pages.call, name="call"),
    path("calls/<int:number>/decide", call_pages.decide, name="decide_call"),
    path("<int:number>", pages.one, name="one"),
    path("<int:number>/decide", pages.decide, name="decide"),
    path("<int:number>/appeal", pages.appeal, name="appeal"),
    path("<int:number>/hear", pages.hear, name="hear"),
]
