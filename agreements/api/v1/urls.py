"""Addresses of rosters and officers below /api/v1/."""

from django.urls import path

from agreements.api.v1.officers import OfficersView
from agreements.api.v1.roster_uploads import (
    ConfirmView,
    FindingsView,
    RosterUploadsView,
    RosterUploadView,
    WithdrawView,
)

urlpatterns = [
    path("officers/", OfficersView.as_view(), name="officers"),
    path("roster-uploads/", RosterUploadsView.as_view(), name="roster-uploads"),
    path("roster-uploads/<uuid:pk>/", RosterUploadView.as_view(), name="roster-upload"),
    path("roster-uploads/<uuid:pk>/findings/", FindingsView.as_view(), name="roster-findings"),
    path("roster-uploads/<uuid:pk>/confirm/", ConfirmView.as_view(), name="roster-confirm"),
    path("roster-uploads/<uuid:pk>/withdraw/", WithdrawView.as_view(), name="roster-withdraw"),
]
