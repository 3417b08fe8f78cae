"""Addresses of payroll, quarters and claims below /api/v1/."""

from django.urls import path

from claims.api.v1.claims import ClaimsView, ClaimView
from claims.api.v1.corrections import DifferencesView, LedgerView
from claims.api.v1.explanations import ClaimAmountsView
from claims.api.v1.lines import LinesView, LineView
from claims.api.v1.packet import PacketFilesView, PacketFileView, PacketView
from claims.api.v1.payroll_batches import (
    ConfirmView,
    FindingsView,
    PayrollBatchesView,
    PayrollBatchView,
    WithdrawView,
)
from claims.api.v1.payroll_lines import RowsView, RowView
from claims.api.v1.payroll_steps import AnswersView, ColumnsView, CorrectionsView, FaultyRowsView
from claims.api.v1.quarter_facts import CoverageView, PrefillView
from claims.api.v1.quarters import QuartersView
from claims.api.v1.questions import QuestionsView
from claims.api.v1.verify import VerifyView

urlpatterns = [
    path("payroll-batches/", PayrollBatchesView.as_view(), name="payroll-batches"),
    path("payroll-batches/<uuid:pk>/", PayrollBatchView.as_view(), name="payroll-batch"),
    path("payroll-batches/<uuid:pk>/findings/", FindingsView.as_view(), name="payroll-findings"),
    path("payroll-batches/<uuid:pk>/confirm/", ConfirmView.as_view(), name="payroll-confirm"),
    path("payroll-batches/<uuid:pk>/withdraw/", WithdrawView.as_view(), name="payroll-withdraw"),
    path("payroll-batches/<uuid:pk>/rows/", RowsView.as_view(), name="payroll-rows"),
    path("payroll-batches/<uuid:pk>/rows/<int:row>/", RowView.as_view(), name="payroll-row"),
    path("payroll-batches/<uuid:pk>/faulty-rows/", FaultyRowsView.as_view(), name="payroll-faulty"),
    path(
        "payroll-batches/<uuid:pk>/corrections/",
        CorrectionsView.as_view(),
        name="payroll-corrections",
    ),
    path("payroll-batches/<uuid:pk>/columns/", ColumnsView.as_view(), name="payroll-columns"),
    path("payroll-batches/<uuid:pk>/answers/", AnswersView.as_view(), name="payroll-answers"),
    path("quarters/<str:quarter>/coverage/", CoverageView.as_view(), name="coverage"),
    path("quarters/<str:quarter>/prefill/", PrefillView.as_view(), name="prefill"),
    path("quarters/", QuartersView.as_view(), name="quarters"),
    path("claims/", ClaimsView.as_view(), name="claims"),
    path("claims/<slug:number>/", ClaimView.as_view(), name="claim"),
    path("claims/<slug:number>/amounts/", ClaimAmountsView.as_view(), name="amounts"),
    path("claims/<slug:number>/lines/", LinesView.as_view(), name="lines"),
    path("claims/<slug:number>/lines/<int:position>/", LineView.as_view(), name="line"),
    path("claims/<slug:number>/questions/", QuestionsView.as_view(), name="questions"),
    path("claims/<slug:number>/differences/", DifferencesView.as_view(), name="differences"),
    path("ledger/", LedgerView.as_view(), name="ledger"),
    path("claims/<slug:number>/packet/", PacketView.as_view(), name="packet"),
    path("claims/<slug:number>/packet/files/", PacketFilesView.as_view(), name="packet-files"),
    path(
        "claims/<slug:number>/packet/files/<str:name>",
        PacketFileView.as_view(),
        name="packet-file",
    ),
    path("packets/verify/", VerifyView.as_view(), name="verify"),
]
