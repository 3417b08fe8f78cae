"""What gunicorn serves: no charset a stranger names changes how an address is read."""

from __future__ import annotations

import io

import pytest

from portal.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=rot13",
        "text/plain; charset=undefined",
        "text/plain; charset=utf-16",
        "text/plain; charset*=utf-8''hex",
        "text/plain; a*=undefined''b%41",
        "multipart/form-data; boundary=XbX; charset=idna",
    ],
)
def test_an_odd_charset_is_no_failure(content_type: str) -> None:
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/claims/",
        "QUERY_STRING": "quarter=FY2026Q1",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    answer = application(environ, lambda status, headers, *_: said.append(status))
    assert said == ["401 Unauthorized"]
    assert b"not_authenticated" in b"".join(answer)
    answer.close()
