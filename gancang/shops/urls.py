"""Addresses of kitchens and shops: the desks' and the owner's own."""

from django.urls import path

from gancang.shops import own_pages, pages

app_name = "shops"
urlpatterns = [
    path("", pages.listed, name="list"),
    path("list.csv", pages.list_csv, name="list_csv"),
    path("where", pages.where, name="where"),
    path("join", pages.join, name="join"),
    path("mine", own_pages.mine, name="mine"),
    path("mine/switch/<slug:to>", own_pages.switch, name="switch"),
    path("mine/prepares", own_pages.prepares, name="prepares"),
    path("mine/appeal", own_pages.appeal, name="appeal"),
    path("mine/hours", own_pages.hours, name="hours"),
    path("mine/days-off", own_pages.days_off, name="days_off"),
    path("mine/days-off/<int:row>/drop", own_pages.drop_days_off, name="drop_days_off"),
    path("mine/papers", own_pages.own_papers, name="own_papers"),
    path("mine/keepers", own_pages.keepers, name="keepers"),
    path("mine/keepers/<int:user>/take", own_pages.take_keeper, name="take_keeper"),
    path("mine/poster", own_pages.poster, name="poster"),
    path("<int:number>", pages.one, name="one"),
    path("<int:number>/<slug:deed>", pages.deed, name="deed"),
    path("<int:number>/photos/<slug:what>/<int:row>", pages.photo, name="photo"),
]
