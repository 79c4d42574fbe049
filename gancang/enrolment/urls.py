"""Addresses of applications and enrolments. No name and no number of a card stands in one."""

from django.urls import path

from gancang.enrolment import deed_pages, import_pages, need_pages, pages, verify_pages

app_name = "enrolment"
urlpatterns = [
    path("", pages.programmes, name="programmes"),
    path("apply", pages.apply, name="apply"),
    path("recheck", pages.rechecks, name="rechecks"),
    path("lists", import_pages.take_list, name="take_list"),
    path("needs", need_pages.listing, name="needs"),
    path("needs/units", need_pages.units, name="units"),
    path("needs/<int:number>", need_pages.need, name="need"),
    path("needs/<int:number>/answer", need_pages.answer, name="answer_need"),
    path("of/<slug:programme>/verify", verify_pages.verify, name="verify"),
    path("of/<slug:programme>", pages.listing, name="list"),
    path("of/<slug:programme>/csv", pages.listing_csv, name="csv"),
    path("<str:code>", pages.enrolment, name="enrolment"),
    path("<str:code>/letter", pages.letter, name="letter"),
    path("<str:code>/look", deed_pages.look_again, name="look_again"),
    path("<str:code>/fact", deed_pages.tell_fact, name="tell_fact"),
    path("<str:code>/move", deed_pages.move, name="move"),
    path("<str:code>/appeal", deed_pages.appeal, name="appeal"),
    path("<str:code>/decide", deed_pages.decide, name="decide"),
]
