"""Addresses of programmes: read, compare, take along."""

from django.urls import path

from gancang.programmes import approval_pages, draft_pages, pages, rule_pages

app_name = "programmes"
urlpatterns = [
    path("", pages.list_all, name="list"),
    path("drafts/", draft_pages.list_drafts, name="drafts"),
    path("drafts/new", draft_pages.new, name="new"),
    path("drafts/import", draft_pages.take_in, name="import"),
    path("drafts/<int:number>/", draft_pages.draft, name="draft"),
    path("drafts/<int:number>/back", draft_pages.go_back, name="go_back"),
    path("drafts/<int:number>/drop", draft_pages.drop, name="drop"),
    path("drafts/<int:number>/trial", approval_pages.trial, name="trial"),
    path("drafts/<int:number>/trial/ask", approval_pages.ask_trial, name="ask_trial"),
    path("drafts/<int:number>/people/<slug:group>", approval_pages.people, name="people"),
    path("drafts/<int:number>/budget", approval_pages.budget, name="budget"),
    path("drafts/<int:number>/submit", approval_pages.submit, name="submit"),
    path("drafts/<int:number>/approve", approval_pages.approve, name="approve"),
    path("drafts/<int:number>/send-back", approval_pages.send_back, name="send_back"),
    path("drafts/<int:number>/take-back", approval_pages.take_back, name="take_back"),
    path("drafts/<int:number>/rules/<int:place>", rule_pages.rule, name="rule"),
    path("drafts/<int:number>/letters/<int:place>", draft_pages.try_letter, name="try_letter"),
    path("drafts/<int:number>/pages/<slug:slug>", draft_pages.step, name="step"),
    path("<slug:code>/halt", approval_pages.halt, name="halt"),
    path("<slug:code>/change", draft_pages.change, name="change"),
    path("<slug:code>/", pages.programme, name="programme"),
    path("<slug:code>/compare", pages.compare, name="compare"),
    path("<slug:code>/<int:version>.toml", pages.export, name="export"),
]
