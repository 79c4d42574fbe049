"""Addresses of the registry. No name and no number of a card ever stands in one."""

from django.urls import path

from gancang.residents import pages, place_pages

app_name = "residents"
urlpatterns = [
    path("", pages.search, name="search"),
    path("villages", pages.villages, name="villages"),
    path("places", place_pages.places, name="places"),
    path("pin", place_pages.pin, name="pin"),
    path("<int:number>", pages.person, name="person"),
    path("<int:number>/numbers", pages.show_numbers, name="show_numbers"),
    path("<int:number>/correct", pages.correct, name="correct"),
    path("<int:number>/consent", pages.consent, name="consent"),
    path("<int:number>/facts", pages.record_fact, name="record_fact"),
    path("<int:number>/phones", pages.add_phone, name="add_phone"),
    path("<int:number>/phones/<int:phone>", pages.change_phone, name="change_phone"),
    path("<int:number>/representatives", pages.represent, name="represent"),
    path(
        "<int:number>/representatives/<int:representative>/end",
        pages.end_representative,
        name="end_representative",
    ),
    path("<int:number>/readings", pages.readings, name="readings"),
]
