"""Addresses of agencies, officers and rosters."""

from django.urls import path

from agreements.views import agencies, officers, rosters

app_name = "agreements"

urlpatterns = [
    path("officers/", officers.officers, name="officers"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/rosters/", rosters.uploads, name="uploads"),
    path("officers/rosters/new/", rosters.upload_roster, name="upload_roster"),
    path("officers/rosters/<uuid:pk>/", rosters.upload, name="upload"),
    path("officers/rosters/<uuid:pk>/progress/", rosters.progress, name="upload_progress"),
    path("officers/rosters/<uuid:pk>/original/", rosters.original, name="upload_original"),
    path("officers/rosters/<uuid:pk>/confirm/", rosters.confirm, name="confirm_roster"),
    path("officers/rosters/<uuid:pk>/drop/", rosters.drop, name="drop_roster"),
    path("agency/", agencies.agency, name="own_agency"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.new_agency, name="new_agency"),
    path("agencies/<str:number>/", agencies.agency, name="agency"),
    path("agencies/<str:number>/officers/", officers.officers, name="agency_officers"),
    path("agencies/<str:number>/rosters/", rosters.uploads, name="agency_uploads"),
    path("agencies/<str:number>/agreements/new/", agencies.new_agreement, name="new_agreement"),
    path("agencies/<str:number>/agreements/<int:pk>/end/", agencies.end, name="end_agreement"),
    path("agencies/<str:number>/administrator/", agencies.appoint, name="appoint"),
]
