"""Files that are only hashed: read as they arrive, and neither kept nor written anywhere."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from rest_framework.parsers import MultiPartParser

from portal.kernel.errors import Refused
from portal.web.api_json import ENVELOPE_BYTES

LIMIT_MEGABYTES = 100
LIMIT_BYTES = LIMIT_MEGABYTES * 1024 * 1024


class TooLargeToHash(Refused):
    """Larger than any file the portal makes for people to keep."""

    status = 413
    code = "file_larger_than_any"

    def __init__(self) -> None:
        super().__init__(
            self.code,
            f"This file is larger than {LIMIT_MEGABYTES} MB.",
            "No file of a packet is so large. Work out its SHA-256 yourself and send that instead.",
        )


class HashedFile(UploadedFile):
    """What is left of a file that was only hashed: its size and its SHA-256."""

    def __init__(self, size: int, sha256: str) -> None:
        super().__init__(io.BytesIO(), "file", size=size)
        self.sha256 = sha256


class HashingHandler(FileUploadHandler):
    """Takes the bytes of uploads into a hash and lets go of them."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take in the next bytes."""
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> HashedFile:
        """End a file."""
        return HashedFile(file_size, self._digest.hexdigest())


def hash_uploads(request: HttpRequest) -> None:
    """Let the files of a request only be hashed; TooLargeToHash, before anything of it is read.

    Before its fields are asked for: reading one reads the whole body.
    """
    said = str(request.META.get("CONTENT_LENGTH") or "")
    if not (said.isascii() and said.isdigit()):
        # Django would take `1_000` and digits of other scripts for a length as well, and read so far.
        request.META["CONTENT_LENGTH"] = ""
    elif int(said[:20]) > LIMIT_BYTES + ENVELOPE_BYTES:
        raise TooLargeToHash
    request.upload_handlers = [HashingHandler(request)]


class HashingParser(MultiPartParser):
    """Forms of the API whose files are only hashed."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The fields, and files as `HashedFile`."""
        hash_uploads(parser_context["request"]._request)
        return super().parse(stream, media_type, parser_context)
