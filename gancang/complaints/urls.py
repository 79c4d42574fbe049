"""Addresses of complaints."""

from django.urls import path

from gancang.complaints import pages

app_name = "complaints"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("new", pages.tell, name="tell"),
    path("<int:number>", pages.one, name="one"),
    path("<int:number>/decide", pages.decide, name="decide"),
    path("<int:number>/appeal", pages.appeal, name="appeal"),
    path("<int:number>/hear", pages.hear, name="hear"),
]
