"""Addresses of the API's documentation: for people and for programs."""

from django.urls import path

from portal.web.api_docs import SchemaView, docs
from portal.web.api_start import client, start

urlpatterns = [
    path("docs/", docs, name="docs"),
    path("docs/start/", start, name="start"),
    path("docs/portal287g.zip", client, name="client"),
    path("v1/schema/", SchemaView.as_view(), name="schema"),
]
