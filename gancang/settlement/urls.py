"""Addresses of statements, batches and the bank's answers."""

from django.urls import path

from gancang.settlement import (
    batch_pages,
    bounce_pages,
    correction_pages,
    giving_back_pages,
    pages,
    paper_pages,
)

app_name = "settlement"
urlpatterns = [
    path("", pages.month, name="month"),
    path("lines", pages.lines, name="lines"),
    path("lines/<int:number>/hold", pages.hold, name="hold"),
    path("holds/<int:number>/release", pages.release, name="release"),
    path("mine", pages.mine, name="mine"),
    path("match", pages.match, name="match"),
    path("statement.xlsx", pages.workbook, name="workbook"),
    path("batches", batch_pages.batches, name="batches"),
    path("batches/<str:code>", batch_pages.batch, name="batch"),
    path("batches/<str:code>/approve", batch_pages.approve, name="approve"),
    path("batches/<str:code>/discard", batch_pages.discard, name="discard"),
    path("batches/<str:code>/sent", batch_pages.sent, name="sent"),
    path("batches/<str:code>/file", batch_pages.bank_file, name="file"),
    path("payments/<str:reference>/receipt", paper_pages.receipt, name="receipt"),
    path("payments/<str:reference>/minutes", paper_pages.minutes, name="minutes"),
    path("payments/<str:reference>/came-back", bounce_pages.came_back, name="came_back"),
    path("bounces/<int:number>/approve", bounce_pages.approve, name="approve_bounce"),
    path("bounces/<int:number>/reject", bounce_pages.reject, name="reject_bounce"),
    path("bounces/<int:number>/account", bounce_pages.keep_account, name="keep_account"),
    path("recap.pdf", paper_pages.recap, name="recap"),
    path("movements/<int:number>", correction_pages.movement, name="movement"),
    path("movements/<int:number>/reverse", correction_pages.ask, name="ask"),
    path("movements/<int:number>/repaid", correction_pages.repaid, name="repaid"),
    path("corrections", correction_pages.corrections, name="corrections"),
    path("corrections/<int:number>/approve", correction_pages.approve, name="approve_correction"),
    path("corrections/<int:number>/reject", correction_pages.reject, name="reject"),
    path("corrections/<int:number>/withdraw", correction_pages.withdraw, name="withdraw"),
    path("redemptions/<str:code>/give-back", giving_back_pages.give_back, name="give_back"),
    path("answers", batch_pages.answers, name="answers"),
]
