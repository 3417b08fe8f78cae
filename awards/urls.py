"""Addresses of the counts."""

from django.urls import path

from awards.views import confirming, counts, disputes, files

app_name = "awards"

urlpatterns = [
    path("counts/", counts.counts, name="counts"),
    path("counts/waiting/", confirming.waiting, name="waiting"),
    path("counts/waiting/<int:pk>/confirm/", confirming.confirm, name="confirm"),
    path("counts/waiting/<int:pk>/reject/", confirming.reject, name="reject"),
    path("counts/disputes/", disputes.disputes, name="disputes"),
    path("counts/disputes/<int:pk>/", disputes.dispute, name="dispute"),
    path("counts/files/", files.uploads, name="uploads"),
    path("counts/files/new/", files.upload_counts, name="upload_counts"),
    path("counts/files/<uuid:pk>/", files.upload, name="upload"),
    path("counts/files/<uuid:pk>/confirm/", files.confirm, name="confirm_upload"),
    path("counts/files/<uuid:pk>/original/", files.original, name="upload_original"),
    path("counts/<slug:number>/", counts.agency, name="agency"),
    path("counts/<slug:number>/<slug:quarter>/", counts.report, name="report"),
    path("counts/<slug:number>/<slug:quarter>/dispute/", disputes.contest, name="contest"),
]
