"""Addresses of payroll, quarters and claims below /api/v1/."""

from django.urls import path

from claims.api.v1.claims import ClaimsView, ClaimView
from claims.api.v1.lines import LinesView, LineView
from claims.api.v1.packet import PacketView
from claims.api.v1.payroll_batches import (
    ConfirmView,
    FindingsView,
    PayrollBatchesView,
    PayrollBatchView,
    WithdrawView,
)
from claims.api.v1.quarters import QuartersView

urlpatterns = [
    path("payroll-batches/", PayrollBatchesView.as_view(), name="payroll-batches"),
    path("payroll-batches/<uuid:pk>/", PayrollBatchView.as_view(), name="payroll-batch"),
    path("payroll-batches/<uuid:pk>/findings/", FindingsView.as_view(), name="payroll-findings"),
    path("payroll-batches/<uuid:pk>/confirm/", ConfirmView.as_view(), name="payroll-confirm"),
    path("payroll-batches/<uuid:pk>/withdraw/", WithdrawView.as_view(), name="payroll-withdraw"),
    path("quarters/", QuartersView.as_view(), name="quarters"),
    path("claims/", ClaimsView.as_view(), name="claims"),
    path("claims/<slug:number>/", ClaimView.as_view(), name="claim"),
    path("claims/<slug:number>/lines/", LinesView.as_view(), name="lines"),
    path("claims/<slug:number>/lines/<int:position>/", LineView.as_view(), name="line"),
    path("claims/<slug:number>/packet/", PacketView.as_view(), name="packet"),
]
