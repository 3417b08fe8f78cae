"""How the client talks to the portal: tokens, repeated requests, pages, problems.

Only the standard library is used. One `Transport` is for one thread.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

Row = TypeVar("Row")
Upload = TypeVar("Upload", bound=Mapping[str, object])

UNFINISHED = ("received", "validating")
TOKEN = "/api/v1/oauth/token/"  # noqa: S105 - an address
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SPARE_SECONDS = 60
"""A token is renewed so long before it ends."""
_REMEMBERED = 1_000
"""Of so many things the client knows what it saw last."""


class Problem(Exception):
    """What the portal refused. `code` is stable and for programs; `detail` and `fix` are for people.

    `errors` says what is wrong with which field; `document` is the whole answer.
    """

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", ""))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.fix = str(document.get("fix", ""))
        self.errors: Any = document.get("errors")
        self.document = document
        super().__init__(f"{status} {self.code}: {self.detail} {self.fix}".rstrip())


class Unreachable(Exception):
    """The portal did not answer, or only that it is busy, for as long as the client was patient."""


class Transport:
    """Requests with a token, repeated while the portal is busy or away.

    A POST is repeated with its Idempotency-Key, so it is done once however often it is sent.
    """

    def __init__(
        self,
        address: str,
        client_id: str,
        client_secret: str,
        *,
        patience: float = 120,
        timeout: float = 60,
    ) -> None:
        """`patience`: seconds a request is tried for; `timeout`: seconds one try may take."""
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise ValueError("The key's secret travels only over https.")
        self.patience = patience
        self.timeout = timeout
        self._pair = base64.b64encode(f"{quote(client_id)}:{quote(client_secret)}".encode())
        self._token = ""
        self._token_ends = 0.0
        self._seen: dict[str, str] = {}
        # A redirect would carry the token to wherever it points.
        self._opener = urllib.request.build_opener(_NoRedirects)

    def wait(self, upload: Upload, *, patience: float = 600) -> Upload:
        """The upload once it has been read: `proposed`, `accepted` or `rejected`.

        Unreachable when it is still being read after `patience` seconds.
        """
        ends = time.monotonic() + patience
        while upload["state"] in UNFINISHED:
            if time.monotonic() >= ends:
                raise Unreachable(f"{upload['url']} is still being read")
            time.sleep(1)
            upload = cast(Upload, self._read("GET", str(upload["url"])))
        return upload

    def _read(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
        **headers: str | None,
    ) -> Any:
        """The JSON of an answer."""
        content = self._fetch(method, path, query, body, key, **headers)
        return json.loads(content) if content else None

    def _fetch(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
        **headers: str | None,
    ) -> bytes:
        """The bytes of an answer. A `body` with a `file` goes as a form, another one as JSON."""
        url = self._url(path, query or {})
        data, kind = _encoded(body) if method == "POST" else (None, "")
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if method == "POST":
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
            sent["Content-Type"] = kind
            if "If_Match" in headers and (seen := self._seen.get(_parent(url))):
                # What the program last saw of a thing is what it means to change.
                sent.setdefault("If-Match", seen)
        renewed = False
        while True:
            sent["Authorization"] = f"Bearer {self._valid_token()}"
            request = urllib.request.Request(  # noqa: S310 - an address of the portal
                url, data, sent, method=method
            )
            try:
                content, tag = self._patiently(request)
            except Problem as problem:
                # A rotated key's tokens end before their time; once a new one may help.
                if problem.status != 401 or renewed:
                    raise
                self._token, renewed = "", True
                continue
            if method == "GET" and tag:
                self._seen[url] = tag
                if len(self._seen) > _REMEMBERED:
                    del self._seen[next(iter(self._seen))]
            return content

    def _url(self, path: str, query: Mapping[str, Any]) -> str:
        url = path if "://" in path else self.address + path
        if not url.startswith(f"{self.address}/"):
            raise ValueError(f"{url} is not an address of this portal.")
        given = {name: _text(value) for name, value in query.items() if value is not None}
        return f"{url}?{urlencode(given)}" if given else url

    def _valid_token(self) -> str:
        if not self._token or time.monotonic() >= self._token_ends:
            request = urllib.request.Request(  # noqa: S310 - https, or this very machine
                self.address + TOKEN,
                b"grant_type=client_credentials",
                {
                    "Authorization": f"Basic {self._pair.decode()}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            said = json.loads(self._patiently(request)[0])
            self._token = said["access_token"]
            self._token_ends = time.monotonic() + said["expires_in"] - _SPARE_SECONDS
        return self._token

    def _patiently(self, request: urllib.request.Request) -> tuple[bytes, str]:
        """The bytes of an answer and its entity tag."""
        ends = time.monotonic() + self.patience
        pause = 0.5
        while True:
            try:
                with self._opener.open(request, timeout=self.timeout) as answer:
                    return answer.read(), answer.headers.get("ETag", "")
            except urllib.error.HTTPError as error:
                problem = Problem(error.code, _document(error))
                wait = _retry_after(error)
                if not _passes(problem):
                    raise problem from None
            except (OSError, http.client.HTTPException) as error:
                problem, wait = None, None
                reason = str(error) or type(error).__name__
            pause = min(pause * 2, 30)
            rest = wait if wait is not None else pause
            if time.monotonic() + rest > ends:
                if problem is not None:
                    raise problem
                raise Unreachable(f"{self.address} did not answer: {reason}")
            time.sleep(rest)


class Listing(Generic[Row]):
    """The rows of a list, page after page, read as they are asked for.

    After the first row `as_of` is what to send as `changed_since` the next time.
    """

    def __init__(self, transport: Transport, path: str, query: Mapping[str, Any]) -> None:
        self.as_of = ""
        self._transport, self._path, self._query = transport, path, query

    def __iter__(self) -> Iterator[Row]:
        page = self._transport._read("GET", self._path, self._query)
        self.as_of = page.get("as_of", "")
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self._transport._read("GET", page["next"])


def place(value: object) -> str:
    """A value as one piece of an address."""
    return quote(str(value), safe="")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """None: a redirect is an answer like any other."""


def _parent(url: str) -> str:
    """The address of the thing that a step is taken with: `…/7/` of `…/7/confirm/`."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[0] + "/"


def _passes(problem: Problem) -> bool:
    """Whether the same request, sent again in a moment, may be answered differently."""
    busy = ("idempotency_key_in_flight", "packet_not_ready")
    return problem.status in (429, 502, 503, 504) or problem.code in busy


def _retry_after(error: urllib.error.HTTPError) -> float | None:
    said = error.headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() else None


def _document(error: urllib.error.HTTPError) -> Mapping[str, Any]:
    try:
        said = json.loads(error.read())
    except (ValueError, OSError, http.client.HTTPException):
        said = None
    return said if isinstance(said, dict) else {"detail": error.reason}


def _encoded(body: Mapping[str, Any] | None) -> tuple[bytes, str]:
    fields = {name: value for name, value in (body or {}).items() if value is not None}
    if "file" not in fields:
        return json.dumps(fields, allow_nan=False).encode(), "application/json"
    name, content = _file(fields.pop("file"))
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    name = name.replace('"', "%22").replace("\r", "").replace("\n", "")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    parts += [head.encode(), content, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _file(given: str | os.PathLike[str] | tuple[str, bytes]) -> tuple[str, bytes]:
    if isinstance(given, tuple):
        return given
    with open(given, "rb") as file:
        return os.path.basename(given), file.read()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
