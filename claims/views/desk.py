"""The reviewer's desk: the queue, the next claim, many clean claims at once."""

from __future__ import annotations

from django.urls import URLPattern

paths: list[URLPattern] = []
