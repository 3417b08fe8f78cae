"""Files on their way out: always saved, never opened inside the portal's own pages."""

from __future__ import annotations

from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header


def attachment(content: bytes, filename: str, media_type: str) -> HttpResponse:
    """An answer that the browser saves under `filename`, whatever the bytes look like."""
    response = HttpResponse(content, content_type=media_type)
    _only_saved(response, filename)
    return response


def streamed_attachment(file: BinaryIO, filename: str, media_type: str) -> FileResponse:
    """The same for a file too large to be in memory; it is closed when it has been sent."""
    response = FileResponse(file, content_type=media_type)
    _only_saved(response, filename)
    return response


def _only_saved(response: HttpResponseBase, filename: str) -> None:
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it all the same, nothing in it may run or load.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
