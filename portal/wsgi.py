"""The WSGI entry point that gunicorn serves."""

from __future__ import annotations

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")


class PortalRequest(WSGIRequest):
    """A request whose address and fields are read as UTF-8, whatever charset its sender names.

    Django decodes the query with that charset before any middleware runs, and some names Python knows are
    no charsets at all. A body in another charset is refused where bodies are read.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            named = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            named = ("", {})
        self.content_type, self.content_params = named


class PortalHandler(WSGIHandler):
    request_class = PortalRequest


django.setup(set_prefix=False)
application = PortalHandler()
