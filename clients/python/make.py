"""Writes the generated half of the client, `types.py` and `api.py`, from docs/openapi.yaml.

    python clients/python/make.py

What the API's document says decides the text alone, so the same document gives the same files.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "openapi.yaml"
HEAD = '"""{}\n\nMade by make.py from the API\'s OpenAPI document; never edited by hand.\n"""\n\n'
IMPORTS = """from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from portal287g import types
from portal287g.transport import Listing, Transport, place
"""
WIDTH = 96
PLAIN = {
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "object": "dict[str, Any]",
    "string": "str",
}
FILE = "str | os.PathLike[str] | tuple[str, bytes]"
SKIPPED = ("get_token",)
"""Operations the transport does by itself."""

Schema = Mapping[str, Any]


class Maker:
    """One OpenAPI document and the Python that calls it."""

    def __init__(self, document: Schema) -> None:
        self.paths: Schema = document["paths"]
        self.schemas: Schema = document["components"]["schemas"]
        self.prefix = ""

    def types(self) -> str:
        """The module with the objects that travel."""
        self.prefix = ""
        parts = [HEAD.format("What travels to the portal and back, as typed dictionaries.")]
        parts.append(
            "from __future__ import annotations\n\nfrom typing import Any, Literal, TypedDict\n"
        )
        for name in sorted(self._spoken()):
            parts.append("\n\n" + "\n".join(self._class(name)) + "\n")
        return "".join(parts)

    def api(self) -> str:
        """The module with one method per endpoint."""
        self.prefix = "types."
        methods = [
            "\n".join(self._method(path, verb, said))
            for path, verbs in self.paths.items()
            for verb, said in verbs.items()
            if said["operationId"] not in SKIPPED
        ]
        return (
            HEAD.format("The endpoints of the portal's API, one method each.")
            + IMPORTS
            + '\n\nclass Portal(Transport):\n    """The portal, as far as the key\'s scopes reach."""\n\n'
            + "\n\n".join(methods)
            + "\n"
        )

    def _spoken(self) -> set[str]:
        """The objects that travel, and those inside them; pages and whole bodies are unwrapped."""
        found: set[str] = set()
        for verbs in self.paths.values():
            for said in verbs.values():
                if said["operationId"] in SKIPPED:
                    continue
                if schema := self._answer(said):
                    found |= self._inside(self._row(schema) or schema)
                for schema, _ in self._bodies(said).values():
                    found |= self._inside(schema)
        return found

    def _inside(self, schema: Schema) -> set[str]:
        found: set[str] = set()
        waiting = [schema]
        while waiting:
            part = waiting.pop()
            waiting += part.get("allOf", []) + part.get("oneOf", []) + part.get("anyOf", [])
            inner = [part.get("items"), part.get("additionalProperties")]
            waiting += [schema for schema in inner if isinstance(schema, dict)]
            waiting += part.get("properties", {}).values()
            if reference := part.get("$ref"):
                name = _name(reference)
                target = self.schemas[name]
                if "properties" in target and name not in found:
                    found.add(name)
                    waiting.append(target)
                elif "properties" not in target:
                    waiting.append(target)
        return found

    def _class(self, name: str) -> Iterator[str]:
        schema = self.schemas[name]
        always = schema.get("required", ())
        # The API adds fields and takes none away, so a program reads those it knows.
        yield f"class {name}(TypedDict{'' if set(always) == set(schema['properties']) else ', total=False'}):"
        yield from _docstring(schema.get("description") or f"{name}.", 4)
        yield ""
        for field, said in schema["properties"].items():
            yield f"    {field}: {self._type(said)}"

    def _method(self, path: str, verb: str, said: Schema) -> Iterator[str]:
        parameters = said.get("parameters", ())
        places = [item for item in parameters if item["in"] == "path"]
        query = [item for item in parameters if item["in"] == "query" and item["name"] != "cursor"]
        headers = [item for item in parameters if item["name"] == "If-Match"]
        bodies = self._bodies(said)
        answer = self._answer(said)
        row = self._row(answer) if answer else None
        result = f"Listing[{self._type(row)}]" if row else self._result(said, answer)
        yield f"    def {said['operationId']}("
        yield "        self,"
        for item in places:
            yield f"        {item['name']}: {self._type(item['schema'])},"
        named = list(self._named(bodies, query, headers, verb))
        if named:
            yield "        *,"
        for name, kind, default in named:
            yield f"        {name}: {kind}{default},"
        yield f"    ) -> {result}:"
        words = [said["summary"] + "."]
        words += [part for part in said.get("description", "").split("\n\n") if part]
        yield from _docstring("\n\n".join(words), 8)
        address = path
        for item in places:
            address = address.replace(f"{{{item['name']}}}", f"{{place({item['name']})}}")
        asked = ", ".join(f'"{item["name"]}": {item["name"]}' for item in query)
        arguments = [f'f"{address}"' if places else f'"{path}"', f"{{{asked}}}"]
        if row:
            yield f"        return Listing(self, {', '.join(arguments)})"
            return
        arguments.insert(0, f'"{verb.upper()}"')
        if verb == "post":
            sent = ", ".join(f'"{name}": {self._sent(name)}' for name in bodies)
            arguments += [f"{{{sent}}}", "idempotency_key"]
        arguments += ["If_Match=if_match"] if headers else []
        call = f"({', '.join(arguments)})"
        if result == "None":
            yield f"        self._read{call}"
        elif result == "bytes":
            yield f"        return self._fetch{call}"
        else:
            yield f'        return cast("{result}", self._read{call})'

    def _named(
        self,
        bodies: Mapping[str, tuple[Schema, bool]],
        query: list[Any],
        headers: list[Any],
        verb: str,
    ) -> Iterator[tuple[str, str, str]]:
        for name, (schema, required) in sorted(bodies.items(), key=lambda item: not item[1][1]):
            kind = self._body_type(name, schema)
            yield (name, kind, "") if required else (name, f"{kind} | None", " = None")
        for item in query:
            yield item["name"], f"{self._type(item['schema'])} | None", " = None"
        for _ in headers:
            yield "if_match", "str | None", " = None"
        if verb == "post":
            yield "idempotency_key", "str | None", " = None"

    def _bodies(self, said: Schema) -> dict[str, tuple[Schema, bool]]:
        """The fields of a body, and whether every kind of body needs them: rows or a file, not both."""
        contents = list(said.get("requestBody", {}).get("content", {}).values())
        shapes = [self._resolved(content["schema"]) for content in contents]
        found: dict[str, tuple[Schema, bool]] = {}
        for shape in shapes:
            for name, schema in shape.get("properties", {}).items():
                found[name] = schema, all(name in other.get("required", ()) for other in shapes)
        return found

    def _body_type(self, name: str, schema: Schema) -> str:
        if name == "file":
            return FILE
        if schema.get("type") == "array" and not self._resolved(schema["items"]).get("type"):
            return "Iterable[Mapping[str, str | int | None]]"
        return self._type(schema)

    def _sent(self, name: str) -> str:
        return "None if rows is None else list(rows)" if name == "rows" else name

    def _answer(self, said: Schema) -> Schema | None:
        for status, answer in said["responses"].items():
            if status.startswith("2"):
                for content in answer.get("content", {}).values():
                    schema: Schema = content["schema"]
                    return schema
        return None

    def _result(self, said: Schema, answer: Schema | None) -> str:
        if answer is None:
            return "None"
        if answer.get("format") == "binary":
            return "bytes"
        return self._type(answer)

    def _row(self, schema: Schema) -> Schema | None:
        """What a page is a page of; None for anything else."""
        fields = self._resolved(schema).get("properties", {})
        if not {"results", "next"} <= set(fields):
            return None
        row: Schema = fields["results"]["items"]
        return row

    def _resolved(self, schema: Schema) -> Schema:
        while reference := schema.get("$ref"):
            schema = self.schemas[_name(reference)]
        return schema

    def _type(self, schema: Schema) -> str:
        kind = self._bare(schema)
        may_be_null = schema.get("nullable") and not kind.endswith("| None")
        return f"{kind} | None" if may_be_null else kind

    def _bare(self, schema: Schema) -> str:
        if reference := schema.get("$ref"):
            target = self.schemas[_name(reference)]
            return self.prefix + _name(reference) if "properties" in target else self._type(target)
        if enum := schema.get("enum"):
            return _literal(enum)
        for part in schema.get("allOf", ()):
            return self._bare(part)
        if choices := schema.get("oneOf", schema.get("anyOf")):
            kinds = dict.fromkeys(self._bare(choice) for choice in choices)
            return " | ".join(sorted(kinds, key=lambda kind: kind == "None"))
        if schema.get("type") == "array":
            return f"list[{self._type(schema['items'])}]"
        if isinstance(schema.get("additionalProperties"), dict):
            return f"dict[str, {self._type(schema['additionalProperties'])}]"
        return PLAIN.get(schema.get("type", ""), "Any")


def _literal(values: list[Any]) -> str:
    said = [value for value in values if value is not None]
    quoted = ", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in said)
    return f"Literal[{quoted}]" if said else "None"


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _docstring(text: str, indent: int) -> Iterator[str]:
    space = " " * indent
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    if len(parts) == 1 and len(parts[0]) + indent + 6 <= WIDTH:
        yield f'{space}"""{parts[0]}"""'
        return
    first, *others = (textwrap.wrap(part, WIDTH - indent - 3) for part in parts)
    yield f'{space}"""{first[0]}'
    yield from (space + line for line in first[1:])
    for lines in others:
        yield ""
        yield from (space + line for line in lines)
    yield f'{space}"""'


def _formatted(code: str) -> str:
    for command in (["check", "--fix", "--select=F401", "--quiet"], ["format"]):
        code = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename=portal287g/made.py", "-"],
            cwd=HERE,
            input=code,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return code


def files(document: Path = DOCUMENT) -> dict[Path, str]:
    """The generated files and what belongs into them."""
    maker = Maker(yaml.safe_load(document.read_text(encoding="utf-8")))
    package = HERE / "portal287g"
    return {
        package / "types.py": _formatted(maker.types()),
        package / "api.py": _formatted(maker.api()),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
