"""The addresses of claims and payroll."""

from django.urls import path

from claims.views import claims, merging, officers, packets, payroll, signing

app_name = "claims"

_VERSION = "claims/<slug:number>/versions/<int:version>/"

urlpatterns = [
    path("claims/", claims.listing, name="list"),
    path("claims/start/", claims.start, name="start"),
    path("claims/<slug:number>/", claims.claim, name="claim"),
    path("claims/<slug:number>/history/", claims.history, name="history"),
    path(_VERSION, claims.claim, name="version"),
    path(f"{_VERSION}act/", claims.act, name="act"),
    path(f"{_VERSION}certify/", signing.certify, name="certify"),
    path(f"{_VERSION}receipt/", signing.receipt, name="receipt"),
    path(f"{_VERSION}award/", officers.award, name="award"),
    path(f"{_VERSION}waiting/", officers.waiting, name="waiting"),
    path(f"{_VERSION}officers/<int:position>/", officers.officer, name="officer"),
    path(f"{_VERSION}packets/<slug:edition>/", packets.download, name="packet"),
    path(f"{_VERSION}packets/<slug:edition>/progress/", packets.progress, name="packet_progress"),
    path(f"{_VERSION}packets/<slug:edition>/retry/", packets.retry, name="retry_packet"),
    path("agencies/<slug:number>/merge/", merging.merge, name="merge_agency"),
    path("payroll/", payroll.batches, name="batches"),
    path("payroll/upload/", payroll.upload, name="upload_payroll"),
    path("payroll/<uuid:pk>/", payroll.batch, name="batch"),
    path("payroll/<uuid:pk>/progress/", payroll.progress, name="batch_progress"),
    path("payroll/<uuid:pk>/file/", payroll.original, name="original"),
    path("payroll/<uuid:pk>/take-back/", payroll.take_back, name="take_back"),
]
