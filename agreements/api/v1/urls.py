"""Addresses of rosters and officers below /api/v1/."""

from django.urls import path

from agreements.api.v1.officers import OfficersView
from agreements.api.v1.roster_steps import (
    AnswersView,
    ColumnsView,
    CorrectionsView,
    FaultyRowsView,
    RosterChangesView,
)
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
    path("roster-uploads/<uuid:pk>/changes/", RosterChangesView.as_view(), name="roster-changes"),
    path("roster-uploads/<uuid:pk>/faulty-rows/", FaultyRowsView.as_view(), name="roster-faulty"),
    path(
        "roster-uploads/<uuid:pk>/corrections/",
        CorrectionsView.as_view(),
        name="roster-corrections",
    ),
    path("roster-uploads/<uuid:pk>/columns/", ColumnsView.as_view(), name="roster-columns"),
    path("roster-uploads/<uuid:pk>/answers/", AnswersView.as_view(), name="roster-answers"),
]
