"""Addresses of the help pages, which print the tables of all floors and so stand on the top one."""

from django.urls import path

from claims.views import help as views

app_name = "help"

urlpatterns = [
    path("", views.index, name="index"),
    path("files/", views.files, name="files"),
    path("files/<slug:slug>.<slug:ending>", views.template, name="template"),
    path("findings/", views.findings, name="findings"),
    path("lifecycle/", views.lifecycle, name="lifecycle"),
    path("rules/", views.rules, name="rules"),
]
