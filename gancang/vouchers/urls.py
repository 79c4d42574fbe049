"""Addresses of vouchers."""

from django.urls import path

from gancang.vouchers import pages, shop_pages

app_name = "vouchers"
urlpatterns = [
    path("", pages.given, name="given"),
    path("holders", pages.holders, name="holders"),
    path("redeem", shop_pages.redeem, name="redeem"),
    path("redemptions", shop_pages.redemptions, name="redemptions"),
    path("redemptions/<str:code>", shop_pages.receipt, name="receipt"),
    path("cycles/<str:programme>/<str:cycle>", pages.cycle, name="cycle"),
    path("cycles/<str:programme>/<str:cycle>/sheet", pages.sheet, name="sheet"),
]
