"""Whether a key's id and secret are right: after a rotation, for a while, two secrets are."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class KeyExpired(Exception):
    """Whoever asks has a right secret of a key whose time is over."""


class KeyValidator(OAuth2Validator):
    """The OAuth library's questions about a client, answered for keys."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether id and secret are right. KeyExpired for an expired key, to who has its secret."""
        known: bool = super().authenticate_client(request, *args, **kwargs)
        if known and request.client.is_expired:
            raise KeyExpired(f"The key expired on {request.client.expires_at:%Y-%m-%d}.")
        return known

    def _authenticate_basic_auth(self, request: Any) -> bool:
        return _with_either_secret(super()._authenticate_basic_auth, request)

    def _authenticate_request_body(self, request: Any) -> bool:
        return _with_either_secret(super()._authenticate_request_body, request)


def _with_either_secret(authenticate: Callable[[Any], bool], request: Any) -> bool:
    if authenticate(request):
        return True
    if not (request.client and request.client.has_two_secrets):
        return False
    # A copy, so that nobody saves it: the library compares with the one field it knows.
    request.client = copy.copy(request.client)
    request.client.client_secret = request.client.previous_secret
    return authenticate(request)
