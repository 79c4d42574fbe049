"""Addresses of people and tokens."""

from django.urls import path

from gancang.accounts import pages

app_name = "accounts"
urlpatterns = [
    path("first-run", pages.first_run, name="first_run"),
    path("role", pages.choose_membership, name="choose_membership"),
    path("password", pages.own_password, name="own_password"),
    path("people", pages.people, name="people"),
    path("people/<str:username>", pages.person, name="person"),
    path("people/<str:username>/roles", pages.give_role, name="give_role"),
    path("people/<str:username>/roles/<int:number>/take", pages.take_role, name="take_role"),
    path("people/<str:username>/active", pages.switch_person, name="switch_person"),
    path("people/<str:username>/password", pages.new_password, name="new_password"),
    path("tokens", pages.tokens, name="tokens"),
    path("tokens/<int:number>/revoke", pages.revoke_token, name="revoke_token"),
]
