"""POST /api/v1/oauth/token/: a key's id and secret against a token (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from typing import Any, cast

from django.http import QueryDict
from drf_spectacular.utils import OpenApiResponse
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauth2_provider.scopes import BaseScopes
from rest_framework import serializers
from rest_framework.authentication import get_authorization_header
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.api.limits import Budget, address_of
from portal.accounts.api.validator import KeyExpired
from portal.accounts.api.views import ApiView
from portal.accounts.models import ApiKey
from portal.accounts.roles import SCOPES
from portal.web.api_endpoint import Code, Endpoint, endpoint
from portal.web.api_json import content_length
from portal.web.problems import Problem

logger = logging.getLogger(__name__)

MAX_BYTES = 16 * 1024


class KeyScopes(BaseScopes):
    """Django OAuth Toolkit's question what a client may ask for: what its key was given."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope, with what it lets a machine do."""
        return {name: words for name, (words, _) in SCOPES.items()}

    def get_available_scopes(self, application: ApiKey, *args: Any, **kwargs: Any) -> list[str]:
        """The scopes of the key."""
        return application.scopes.split()

    def get_default_scopes(self, application: ApiKey, *args: Any, **kwargs: Any) -> list[str]:
        """The scopes of the key, when it asks for none by name."""
        return application.scopes.split()


class TokenRequestSerializer(serializers.Serializer[Any]):
    """The form fields of a token request; the id and secret may travel as HTTP Basic instead."""

    grant_type = serializers.ChoiceField(["client_credentials"])
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)
    scope = serializers.CharField(
        required=False, help_text="Scopes, separated by spaces; without it all the key has."
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token to send as `Authorization: Bearer …`."""

    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField()


class TokenErrorSerializer(serializers.Serializer[Any]):
    """An error as RFC 6749 section 5.2 wants it, with the members of a problem document added."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="The same as `error`, or `key_expired`.")
    detail = serializers.CharField()
    fix = serializers.CharField(required=False)


_ERRORS = frozenset(
    {"invalid_client", "invalid_request", "invalid_scope", "unsupported_grant_type"}
)


class TokenView(ApiView):
    """Tokens for machines. Signing in is for people and does not happen here."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (FormParser,)

    @endpoint(
        "get_token",
        "Get a token",
        tag="Tokens",
        body={"application/x-www-form-urlencoded": TokenRequestSerializer},
        answers={
            200: TokenSerializer,
            (400, "application/json"): OpenApiResponse(
                TokenErrorSerializer, "`invalid_request`, `unsupported_grant_type`, `invalid_scope`"
            ),
            (401, "application/json"): OpenApiResponse(
                TokenErrorSerializer,
                "`invalid_client`: the key is unknown, revoked or its secret wrong",
            ),
        },
        problems=(
            Code("invalid_client", 401, "The key is unknown or revoked, or its secret is wrong."),
            Code("key_expired", 401, "The key has expired; `error` says `invalid_client`."),
            Code("invalid_request", 400, "The form lacks a field, or has one twice."),
            Code("unsupported_grant_type", 400, "The grant type is not client_credentials."),
            Code("invalid_scope", 400, "The key does not have the scope that was asked for."),
        ),
    )
    def post(self, request: Request) -> Response:
        """Exchange the key's id and secret for a bearer token that is good for one hour.

        Errors of OAuth come as application/json with `error`, as its standard asks, and carry
        `code`, `detail` and `fix` like every other problem.
        """
        error = _unreadable(request)
        if error is not None:
            return _refusal(400, error, {})
        # With the address, so that nobody uses up what is another's.
        self.spend(Budget("token", f"{_client_of(request)}/{address_of(request._request)}"))
        try:
            _, headers, body, status = get_oauthlib_core().create_token_response(request._request)
        except KeyExpired as expired:
            said = {"error": "invalid_client", "error_description": str(expired)}
            return _refusal(401, said, {}, code="key_expired")
        document = json.loads(body)
        if status == 200:
            return Response(document, headers=_kept(headers))
        if document.get("error") not in _ERRORS:
            # Two ids in one request, a `resource` asked for: the library has further words for these.
            document = _invalid("It contradicts itself, or asks for what there is not.")
        return _refusal(status, document, _kept(headers))

    def budgets(self, endpoint: Endpoint) -> list[Budget]:
        """Whoever asks has no key yet, only an address."""
        return [Budget("token_address", address_of(self.request._request))]


def _client_of(request: Request) -> str:
    """The id of the key that asks, or says it does; as a hash, for anything may be sent for one."""
    named = cast(QueryDict, request.data).get("client_id")
    if not named:
        _, _, credentials = get_authorization_header(request).partition(b" ")
        named = base64.b64decode(credentials).decode().partition(":")[0]
    return hashlib.sha256(named.encode()).hexdigest()


def _unreadable(request: Request) -> dict[str, str] | None:
    """Why the OAuth library, which expects sane text, must not see the request; else None."""
    if content_length(request) > MAX_BYTES:
        return _invalid("The form is too long.")
    # The framework refuses other media types, and leaves the form where the library looks for it.
    form = request.data
    if not isinstance(form, QueryDict):
        return _invalid("The form is empty.")
    for name, values in form.lists():
        if len(values) > 1:
            return _invalid(f"{name[:40]} is given more than once.")
        if not (name + values[0]).isprintable():
            return _invalid("A field holds a character nobody can type.")
    scheme, _, credentials = get_authorization_header(request).partition(b" ")
    if scheme.lower() == b"basic":
        try:
            text = base64.b64decode(credentials, validate=True).decode()
        except ValueError:
            return _invalid("The Basic credentials are not Base64 of UTF-8 text.")
        if not text.isprintable() or ":" not in text:
            return _invalid("The Basic credentials are not an id, a colon and a secret.")
    elif scheme and not form.get("client_id"):
        return _invalid("Send the id and secret as HTTP Basic or as form fields.")
    return None


def _invalid(description: str) -> dict[str, str]:
    return {"error": "invalid_request", "error_description": description}


_FIXES = {
    "invalid_client": "Check the key's id and secret. If the key was revoked, ask for a new one.",
    "key_expired": "Ask your agency's administrator to rotate the key, and use the new secret.",
    "invalid_scope": "Ask for scopes the key has, or leave `scope` away to get all of them.",
    "unsupported_grant_type": "Send grant_type=client_credentials.",
    "invalid_request": "Send grant_type, client_id and client_secret as a form.",
}


def _refusal(
    status: int, document: dict[str, Any], headers: dict[str, str], code: str = ""
) -> Response:
    code = code or str(document["error"])
    problem = Problem(
        status,
        code,
        str(document.get("error_description") or f"The token was refused: {code}."),
        _FIXES.get(code, ""),
        more=document,
    )
    return Response(problem.as_json(), status, headers={"Cache-Control": "no-store", **headers})


def _kept(headers: dict[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in headers if name.lower() != "content-type"}
