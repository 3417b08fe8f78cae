"""Addresses of the API's documentation: for people and for programs."""

from django.urls import path

from portal.web.api_docs import SchemaView, docs

urlpatterns = [
    path("docs/", docs, name="docs"),
    path("v1/schema/", SchemaView.as_view(), name="schema"),
]
