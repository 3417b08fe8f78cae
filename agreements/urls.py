"""Addresses of agencies, officers and rosters."""

from django.urls import path

from agreements.views import (
    agencies,
    editing,
    federal_lists,
    hints,
    lists,
    officers,
    papers,
    program,
    rosters,
)
from portal.intake.pages import doors

app_name = "agreements"

urlpatterns = [
    path("officers/", officers.officers, name="officers"),
    path("officers/new/", editing.add_officer, name="add_officer"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/name/", editing.correct_name, name="correct_name"),
    path(
        "officers/<int:pk>/authorizations/new/",
        editing.add_authorization,
        name="add_authorization",
    ),
    path(
        "officers/<int:pk>/authorizations/<int:entry>/",
        editing.change_authorization,
        name="change_authorization",
    ),
    path(
        "officers/<int:pk>/authorizations/<int:entry>/end/",
        editing.end_authorization,
        name="end_authorization",
    ),
    path(
        "officers/<int:pk>/employments/<int:entry>/",
        editing.change_employment,
        name="change_employment",
    ),
    path("officers/rosters/", rosters.uploads, name="uploads"),
    path("officers/rosters/new/", rosters.upload_roster, name="upload_roster"),
    path("officers/rosters/<uuid:pk>/", rosters.upload, name="upload"),
    path("officers/rosters/<uuid:pk>/progress/", rosters.progress, name="upload_progress"),
    path("officers/rosters/<uuid:pk>/original/", rosters.original, name="upload_original"),
    path("officers/rosters/<uuid:pk>/confirm/", rosters.confirm, name="confirm_roster"),
    path("officers/rosters/<uuid:pk>/drop/", rosters.drop, name="drop_roster"),
    *doors("officers/rosters/", rosters.DESK),
    path("authorizations/", federal_lists.federal_lists, name="federal_lists"),
    path("authorizations/new/", federal_lists.upload_federal_list, name="upload_federal_list"),
    path(
        "authorizations/<int:pk>/original/",
        federal_lists.federal_list_original,
        name="federal_list_original",
    ),
    path("program/", program.program, name="program"),
    path("program/counties/", program.counties, name="counties"),
    path("program/<slug:name>.csv", program.program_csv, name="program_csv"),
    path("agency/", agencies.agency, name="own_agency"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.new_agency, name="new_agency"),
    path("agencies/lists/", lists.imports, name="lists"),
    path("agencies/lists/new/", lists.upload_list, name="upload_list"),
    path("agencies/lists/<uuid:pk>/", lists.preview, name="list_preview"),
    path("agencies/lists/<uuid:pk>/import/", lists.confirm, name="import_list"),
    path("agencies/lists/<uuid:pk>/original/", lists.original, name="list_original"),
    path("agencies/lists/imports/<int:pk>/", lists.imported, name="list_import"),
    path("agencies/<slug:number>/", agencies.agency, name="agency"),
    path("agencies/<slug:number>/facts/", agencies.edit, name="edit_agency"),
    path("agencies/<slug:number>/officers/", officers.officers, name="agency_officers"),
    path("agencies/<slug:number>/officers/shared/", hints.shared, name="shared"),
    path("agencies/<slug:number>/rosters/", rosters.uploads, name="agency_uploads"),
    path("agencies/<slug:number>/agreements/new/", agencies.new_agreement, name="new_agreement"),
    path("agencies/<slug:number>/agreements/<int:pk>/end/", agencies.end, name="end_agreement"),
    path("agencies/<slug:number>/agreements/<int:pk>/papers/", papers.papers, name="papers"),
    path("agencies/<slug:number>/agreements/<int:pk>/moa/", papers.moa, name="moa"),
    path("agencies/<slug:number>/administrator/", agencies.appoint, name="appoint"),
]
