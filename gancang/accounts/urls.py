"""Addresses of people and tokens."""

from django.urls import path

from gancang.accounts import log_in_pages, own_pages, pages

app_name = "accounts"
urlpatterns = [
    path("first-run", pages.first_run, name="first_run"),
    path("role", pages.choose_membership, name="choose_membership"),
    path("password", own_pages.own_password, name="own_password"),
    path("link/<str:token>", log_in_pages.set_password, name="set_password"),
    path("sign-ins/<int:number>/end", own_pages.end_sign_in, name="end_sign_in"),
    path("sign-ins/elsewhere/end", own_pages.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("second-factor", own_pages.own_factor, name="second_factor"),
    path("second-factor/confirm", own_pages.confirm_factor, name="confirm_factor"),
    path("second-factor/codes", own_pages.new_recovery_codes, name="new_recovery_codes"),
    path("second-factor/drop", own_pages.drop_factor, name="drop_factor"),
    path("people", pages.people, name="people"),
    path("people/<str:username>", pages.person, name="person"),
    path("people/<str:username>/roles", pages.give_role, name="give_role"),
    path("people/<str:username>/roles/<int:number>/take", pages.take_role, name="take_role"),
    path("people/<str:username>/active", pages.switch_person, name="switch_person"),
    path("people/<str:username>/password", pages.new_password, name="new_password"),
    path("people/<str:username>/sign-out", pages.sign_out_person, name="sign_out_person"),
    path("people/<str:username>/link", pages.send_link, name="send_link"),
    path("people/<str:username>/phone", pages.change_phone, name="change_phone"),
    path("people/<str:username>/factor", pages.take_factor, name="take_factor"),
    path("tokens", pages.tokens, name="tokens"),
    path("tokens/<int:number>/revoke", pages.revoke_token, name="revoke_token"),
]
