"""What the amount would be: now, after the open warnings, and what is left under the cap."""

from __future__ import annotations

from django.urls import URLPattern

paths: list[URLPattern] = []
