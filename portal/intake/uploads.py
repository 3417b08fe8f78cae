"""A file of rows on its way in: what a form or the API hands to a service, and how it is read again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.kernel.tabular import Reading, read_table, table_from_rows
from portal.records import storage
from portal.records.models import Document

JSON_MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes somebody sends, under the name they gave them."""

    filename: str
    media_type: str
    chunks: Iterable[bytes]

    @classmethod
    def of_form(cls, file: Any) -> Upload:
        """From Django's uploaded file, which is never JSON, whatever its sender calls it."""
        named = (file.content_type or "")[:100]
        media_type = named if named and named != JSON_MEDIA_TYPE else "application/octet-stream"
        return cls(file.name, media_type, file.chunks())

    @classmethod
    def of_json(cls, body: bytes) -> Upload:
        """From a REST client's JSON body, an object with `rows`."""
        return cls("rows.json", JSON_MEDIA_TYPE, [body])


def read_document(document: Document) -> Reading:
    """The table in a stored document."""
    content = storage.read(document)
    if document.media_type == JSON_MEDIA_TYPE:
        return table_from_rows(json.loads(content)["rows"])
    return read_table(content)
