"""The API's documentation, printed from its OpenAPI document: for programs and for people."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.web.api_endpoint import EVERYWHERE, Code
from portal.web.show import show

Schema = Mapping[str, Any]


@functools.cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of the portal's API."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def openapi_yaml() -> str:
    """The document as it is committed: docs/openapi.yaml."""
    text: bytes = OpenApiYamlRenderer().render(openapi(), renderer_context={})
    return text.decode()


class SchemaView(APIView):
    """The OpenAPI document, as JSON or YAML by the Accept header. It is no secret."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (
        OpenApiJsonRenderer2,
        OpenApiYamlRenderer2,
        OpenApiYamlRenderer,
        OpenApiJsonRenderer,
    )
    schema = None

    def get(self, request: Request) -> Response:
        """The whole document."""
        return Response(openapi())


def docs(request: HttpRequest) -> HttpResponse:
    """How the API behaves, every endpoint, every code of a problem."""
    return show(
        request,
        "api/docs.html",
        groups=groups(),
        codes=codes(),
        scopes=openapi()["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"][
            "scopes"
        ].items(),
    )


class Field(NamedTuple):
    """One field or parameter; `name` shows where it stands, such as `totals.benefits`."""

    name: str
    kind: str
    note: str
    required: bool = False


class Answer(NamedTuple):
    """One status an endpoint answers with when all is well."""

    status: str
    media_type: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: list[SafeString]
    scopes: list[str]
    parameters: list[Field]
    bodies: list[tuple[str, list[Field]]]
    answers: list[Answer]
    problems: list[Code]


def groups() -> dict[str, list[Operation]]:
    """The endpoints by their tags."""
    found: dict[str, list[Operation]] = {"Tokens": [], "Rosters": [], "Payroll": [], "Claims": []}
    for path, methods in openapi()["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    return found


def codes() -> list[Code]:
    """Every code there is, once, in alphabetical order."""
    known = {(code.code, code.status): code for code in EVERYWHERE}
    for methods in openapi()["paths"].values():
        for said in methods.values():
            for code in said["x-problems"]:
                known.setdefault((code["code"], code["status"]), _code(code))
    return sorted(known.values())


def marked(text: str) -> SafeString:
    """Text for a page, what stands between backticks as code."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if place % 2 else part,)
            for place, part in enumerate(parts)
        ),
    )


def _code(said: Schema) -> Code:
    return Code(said["code"], said["status"], marked(said["when"]))


def _operation(path: str, method: str, said: Schema) -> Operation:
    bodies = said.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=said["operationId"].replace("_", "-"),
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=[marked(part) for part in said.get("description", "").split("\n\n")],
        scopes=[scope for way in said.get("security", ()) for scope in way.get("oauth", ())],
        parameters=[
            Field(
                item["name"],
                f"{_kind(item['schema'])}, in the {item['in']}",
                marked(item.get("description", "")),
                item.get("required", False),
            )
            for item in said.get("parameters", ())
        ],
        bodies=[(media, list(_fields(body["schema"]))) for media, body in bodies.items()],
        answers=[
            Answer(status, media, list(_fields(content["schema"])))
            for status, answer in said["responses"].items()
            if status.startswith("2")
            for media, content in answer.get("content", {}).items()
        ],
        problems=[_code(code) for code in said["x-problems"]],
    )


def _fields(schema: Schema, under: str = "") -> Iterator[Field]:
    """The fields of an object, and of the objects in it, with their places written out."""
    schema = _resolved(schema)
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        place = f"{under}{name}"
        full = _resolved(inner)
        note = inner.get("description") or full.get("description", "")
        yield Field(place, _kind(inner), marked(note), name in required)
        if full.get("type") == "array":
            yield from _fields(full["items"], f"{place}[].")
        else:
            yield from _fields(full, f"{place}.")


def _kind(schema: Schema) -> str:
    full = _resolved(schema)
    kind = str(full.get("format") or full.get("type", "text"))
    words = {"string": "text", "int": "integer", "array": "list", "uri": "address"}
    kind = words.get(kind, kind)
    if full.get("type") == "array":
        kind = "list"
    if choices := [str(choice) for choice in full.get("enum", ()) if choice]:
        kind = f"one of {', '.join(choices)}"
    elif "example" in full:
        kind += f" like {full['example']}"
    may_be_null = schema.get("nullable") or full.get("nullable")
    return f"{kind}, or null" if may_be_null else kind


def _resolved(schema: Schema) -> Schema:
    """The schema behind a reference; what stands beside the reference wins."""
    for part in schema.get("allOf", ()):
        return {**_resolved(part), **{k: v for k, v in schema.items() if k != "allOf"}}
    if reference := schema.get("$ref"):
        found: Schema = openapi()["components"]["schemas"][reference.rpartition("/")[2]]
        return found
    return schema
