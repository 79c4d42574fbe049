"""Addresses of the menu in its seller's hand."""

from django.urls import path

from gancang.menus import fairness_pages, owner_pages

app_name = "menus"
urlpatterns = [
    path("", owner_pages.menu, name="menu"),
    path("dishes/new", owner_pages.add, name="add"),
    path("dishes/<int:number>", owner_pages.dish, name="dish"),
    path("dishes/<int:number>/photo", owner_pages.photo, name="photo"),
    path("dishes/<int:number>/options", owner_pages.add_group, name="add_group"),
    path("dishes/<int:number>/<slug:deed>", owner_pages.deed, name="deed"),
    path("options/<int:number>", owner_pages.group, name="group"),
    path("options/<int:number>/drop", owner_pages.drop_group, name="drop_group"),
    path("choices/<int:number>", owner_pages.turn_choice, name="turn_choice"),
    path("shown", fairness_pages.shown, name="shown"),
    path("sections", owner_pages.sections, name="sections"),
    path("sections/<int:number>/<slug:deed>", owner_pages.section_deed, name="section_deed"),
]
