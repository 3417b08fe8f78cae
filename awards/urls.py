"""Addresses of the counts."""

from django.urls import path

from awards import views

app_name = "awards"

urlpatterns = [
    path("counts/", views.counts, name="counts"),
    path("counts/<str:number>/", views.agency, name="agency"),
    path("counts/<str:number>/<str:quarter>/", views.report, name="report"),
]
