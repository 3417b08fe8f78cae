"""What waits for the reader, derived from how things stand."""

from __future__ import annotations

from django.urls import URLPattern

paths: list[URLPattern] = []
