"""From a bearer token to the actor behind it: the owner of a key, within the token's scopes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Q
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.accounts.models import ApiKey, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import SCOPES, Capability
from portal.kernel import clock
from portal.kernel.errors import NotAllowed

USE_NOTED_EVERY = timedelta(minutes=1)
_LONGEST_TOKEN = 400


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the actor, and the scopes of the token they call with."""

    actor: Actor
    key: ApiKey
    scopes: frozenset[str]


class KeyAuthentication(BaseAuthentication):
    """Bearer tokens from the Authorization header, and from nowhere else.

    The token is looked up by its hash; only that is stored. Nothing is remembered between
    requests, so a key that is revoked, or whose owner has left, is refused at once.
    """

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        """The owner of the key and the caller; None when the request brings no token."""
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2 or len(header[1]) > _LONGEST_TOKEN:
            raise AuthenticationFailed("The Authorization header is not “Bearer” and one token.")
        caller = _caller(hashlib.sha256(header[1]).hexdigest())
        # Pages ask `request.actor`; so does whoever logs.
        request._request.actor = caller.actor  # type: ignore[attr-defined]
        return caller.actor.user, caller

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        failed = ', error="invalid_token"' if get_authorization_header(request) else ""
        return f'Bearer realm="287(g) reimbursement portal"{failed}'


def _caller(checksum: str) -> Caller:
    token = (
        get_access_token_model()
        .objects.select_related("application__agency", "application__user")
        .filter(token_checksum=checksum)
        .first()
    )
    key = token.application if token is not None else None
    if key is None or not key.is_alive or token.is_expired():
        raise AuthenticationFailed("The token is unknown, has expired or was revoked.")
    actor = actor_for(key.user, key.agency_id)
    if actor.agency != key.agency or not actor.roles:
        raise NotAllowed(
            "key_without_owner",
            f"{key.user.name}, who answers for this key, no longer serves {key.agency.name}.",
            "Ask your administrator for a new key.",
        )
    _note_use(key)
    scopes = frozenset(token.scope.split()) & frozenset(key.scopes.split())
    return Caller(replace(actor, key=key, limit=_limit(scopes)), key, scopes)


def _limit(scopes: frozenset[str]) -> frozenset[Capability]:
    return frozenset().union(*(SCOPES[scope][1] for scope in scopes if scope in SCOPES))


def _note_use(key: ApiKey) -> None:
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class KeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the tokens."""

    target_class = KeyAuthentication
    name = "oauth"

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """One requirement per scope that will do."""
        handler = getattr(auto_schema.view, auto_schema.method.lower())
        return [{self.name: [scope]} for scope in handler.endpoint.scopes]

    def get_security_definition(self, auto_schema: object) -> dict[str, object]:
        """The OAuth 2 flow for machines."""
        return {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/v1/oauth/token/",
                    "scopes": {name: words for name, (words, _) in SCOPES.items()},
                }
            },
        }
