"""Addresses of what rosters and payroll share below /api/v1/."""

from django.urls import path

from portal.intake.api_columns import ColumnMappingsView

urlpatterns = [path("column-mappings/", ColumnMappingsView.as_view(), name="column-mappings")]
