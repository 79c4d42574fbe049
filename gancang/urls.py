"""All addresses, as a table of contents."""

from django.urls import include, path

from gancang.accounts import log_in_pages
from gancang.accounts import pages as accounts
from gancang.complaints import pages as complaints
from gancang.contact import pages as contact
from gancang.dispatch import pages as dispatch
from gancang.enrolment import appeal_pages as appeals
from gancang.enrolment import need_pages as needs
from gancang.food import pages as food
from gancang.medicine.api import api
from gancang.menus import pages as menus
from gancang.overview import pages as overview
from gancang.qris import pages as qris
from gancang.shops import join_pages as shop_joining
from gancang.vouchers import pages as vouchers
from gancang.web import pages as web

urlpatterns = [
    path("", overview.home, name="home"),
    path("masuk", log_in_pages.log_in, name="login"),
    path("masuk/kode", log_in_pages.log_in_code, name="log_in_code"),
    path("masuk/lupa", log_in_pages.forgotten_password, name="forgotten_password"),
    path("keluar", accounts.log_out, name="logout"),
    path("language", web.choose_language, name="language"),
    path("o/<str:token>", dispatch.track, name="track"),
    path("o/<str:token>/confirm", contact.track_confirm, name="track_confirm"),
    path("o/<str:token>/tomorrow", contact.track_tomorrow, name="track_tomorrow"),
    path("o/<str:token>/complain", complaints.own, name="complain"),
    path("o/<str:token>/cancel", dispatch.track_cancel, name="track_cancel"),
    path("k/<str:token>", vouchers.balance, name="balance"),
    path("b/<str:token>", appeals.appeal, name="appeal"),
    path("pesan/<slug:region>/<str:code>", food.order, name="food_order"),
    path("p/<str:token>", food.follow, name="food_follow"),
    path("p/<str:token>/code", food.confirm, name="food_confirm"),
    path("p/<str:token>/cancel", food.call_off, name="food_call_off"),
    path("q/<str:token>", qris.bill, name="bill"),
    path("lapor", needs.report, name="report_need"),
    path("warung", menus.everywhere, name="shops_list"),
    path("warung/urutan", menus.order, name="shop_order"),
    path("warung/<slug:code>", menus.shop, name="shop_page"),
    path("foto/<str:digest>/<str:size>", menus.photo, name="dish_photo"),
    path("maps/", include("gancang.maps.urls")),
    path("accounts/", include("gancang.accounts.urls")),
    path("landmarks/", include("gancang.addresses.urls")),
    path("residents/", include("gancang.residents.urls")),
    path("medicine/", include("gancang.later.urls")),
    path("medicine/", include("gancang.medicine.urls")),
    path("menus/", include("gancang.menus.urls")),
    path("parcels/", include("gancang.parcels.urls")),
    path("food/", include("gancang.food.urls")),
    path("cards/", include("gancang.cards.urls")),
    path("vouchers/", include("gancang.vouchers.urls")),
    path("servings/", include("gancang.servings.urls")),
    path("cases/", include("gancang.fulfilment.urls")),
    path("repeats/", include("gancang.repeats.urls")),
    path("figures/", include("gancang.figures.urls")),
    path("forecast/", include("gancang.forecast.urls")),
    path("paperwork/", include("gancang.paperwork.urls")),
    path("contact/", include("gancang.contact.urls")),
    path("dispatch/", include("gancang.dispatch.urls")),
    path("cash/", include("gancang.cash.urls")),
    path("calls/", include("gancang.callbacks.urls")),
    path("complaints/", include("gancang.complaints.urls")),
    path("closing/", include("gancang.closing.urls")),
    path("settlement/", include("gancang.settlement.urls")),
    path("programmes/", include("gancang.programmes.urls")),
    path("enrolment/", include("gancang.enrolment.urls")),
    path("reach/", include("gancang.reach.urls")),
    path("fleet/", include("gancang.fleet.urls")),
    path("incidents/", include("gancang.incidents.urls")),
    path("watch/", include("gancang.watch.urls")),
    path("usaha", shop_joining.begin, name="join_shop"),
    path("usaha/<str:token>", shop_joining.enter, name="join_shop_enter"),
    path("w/<slug:slug>/<slug:code>", shop_joining.sign, name="shop_sign"),
    path("shops/", include("gancang.shops.urls")),
    path("purchases/", include("gancang.purchases.urls")),
    path("qris/", include("gancang.qris.urls")),
    path("inspection/", include("gancang.inspection.urls")),
    path("overview/", include("gancang.overview.urls")),
    path("api/v1/", api.urls),
]

handler400 = web.bad_request
handler403 = web.not_allowed
handler404 = web.not_found
handler500 = web.broken
