"""The addresses of claims and payroll."""

from django.urls import path

from claims.views import (
    appeals,
    archives,
    assigning,
    claims,
    compare,
    corrections,
    coverage,
    deadlines,
    desk,
    evidence,
    explaining,
    history,
    holds,
    inbox,
    lines,
    merging,
    nil,
    notes,
    officers,
    packets,
    payroll,
    prefill,
    questions,
    signing,
    verify,
    waivers,
    warnings,
    what_if,
)
from portal.intake.pages import doors

app_name = "claims"

_VERSION = "claims/<slug:number>/versions/<int:version>/"

urlpatterns = [
    path("claims/", claims.listing, name="list"),
    path("claims/start/", claims.start, name="start"),
    path("claims/start/<slug:quarter>/", prefill.start, name="prefill"),
    path(
        "claims/start/<slug:quarter>/payroll.<slug:ending>", prefill.download, name="prefilled_file"
    ),
    path("claims/nothing/<str:quarter>/", nil.declare, name="nil"),
    # Before the claims' own addresses: those take any word for a number.
    *desk.paths,
    *inbox.paths,
    *(
        path
        for room in (
            appeals,
            archives,
            assigning,
            corrections,
            deadlines,
            evidence,
            explaining,
            holds,
            lines,
            notes,
            packets,
            questions,
            verify,
            waivers,
            what_if,
        )
        for path in room.paths
    ),
    path("claims/<slug:number>/", claims.claim, name="claim"),
    path("claims/<slug:number>/coverage/", coverage.coverage, name="coverage"),
    path("claims/<slug:number>/coverage.csv", coverage.download, name="coverage_csv"),
    path("claims/<slug:number>/history/", history.history, name="history"),
    path(_VERSION, claims.claim, name="version"),
    path(f"{_VERSION}act/", claims.act, name="act"),
    path(f"{_VERSION}nothing/take-back/", nil.take_back, name="take_back_nil"),
    path(f"{_VERSION}certify/", signing.certify, name="certify"),
    path(f"{_VERSION}receipt/", signing.receipt, name="receipt"),
    path(f"{_VERSION}warnings/", warnings.listing, name="warnings"),
    path(f"{_VERSION}award/", officers.award, name="award"),
    path(f"{_VERSION}waiting/", officers.waiting, name="waiting"),
    path(f"{_VERSION}officers/<int:position>/", officers.officer, name="officer"),
    path("agencies/<slug:number>/merge/", merging.merge, name="merge_agency"),
    path("payroll/", payroll.batches, name="batches"),
    path("payroll/upload/", payroll.upload, name="upload_payroll"),
    path("payroll/compare/", compare.compare, name="compare"),
    path("payroll/compare.csv", compare.download, name="compare_csv"),
    path("payroll/<uuid:pk>/", payroll.batch, name="batch"),
    path("payroll/<uuid:pk>/progress/", payroll.progress, name="batch_progress"),
    path("payroll/<uuid:pk>/file/", payroll.original, name="original"),
    path("payroll/<uuid:pk>/take-back/", payroll.take_back, name="take_back"),
    path("payroll/<uuid:pk>/quarter/", payroll.send_for, name="send_for"),
    *doors("payroll/", payroll.DESK),
]
