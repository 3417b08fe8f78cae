"""What every endpoint of the API does first: who calls, with which scope, asking for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from django.db.models import QuerySet
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from portal.accounts.api.authentication import Caller, KeyAuthentication
from portal.accounts.api.idempotency import once
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.kernel.errors import NotAllowed
from portal.web.api_endpoint import Endpoint
from portal.web.api_json import BoundedMultiPartParser, StrictJsonParser, refuse_unknown_length
from portal.web.api_paging import page


class ApiView(APIView):
    """A view whose methods are marked with `endpoint`; `asked` holds the query parameters, read."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (KeyAuthentication,)
    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJsonParser, BoundedMultiPartParser)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    http_method_names = ("get", "head", "post")
    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whoever may not call this, and parameters that make no sense."""
        super().initial(request, *args, **kwargs)
        handler = getattr(self, (request.method or "").lower(), None)
        endpoint: Endpoint | None = getattr(handler, "endpoint", None)
        if endpoint is None:
            return  # The framework answers 405.
        if endpoint.scopes and not self.caller.scopes.intersection(endpoint.scopes):
            self._refuse_scope(endpoint)
        self.asked = endpoint.read_query(request.query_params)
        refuse_unknown_length(request)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Answers are for the caller alone; no cache on the way keeps them."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final

    @property
    def caller(self) -> Caller:
        """Who calls."""
        return cast(Caller, self.request.auth)

    @property
    def actor(self) -> Actor:
        """The person behind the key, as far as its scopes reach."""
        return self.caller.actor

    @property
    def agency(self) -> Agency:
        """The agency of the key."""
        return self.caller.key.agency

    def page(
        self,
        rows: QuerySet[Any],
        by: Sequence[str],
        serializer: type[BaseSerializer[Any]],
    ) -> Response:
        """The page of `rows` that was asked for; see `portal.web.api_paging`."""
        return page(self.request, self.asked, rows, by, serializer)

    def once(self, content: bytes, perform: Callable[[], Response]) -> Response:
        """Do this request once, however often it is sent; see `idempotency`."""
        return once(self.request, self.caller.key, content, perform)

    def _refuse_scope(self, endpoint: Endpoint) -> NoReturn:
        wanted = " or ".join(endpoint.scopes)
        self.headers["WWW-Authenticate"] = (
            f'Bearer error="insufficient_scope", scope="{" ".join(endpoint.scopes)}"'
        )
        raise NotAllowed(
            "insufficient_scope",
            f"The token lacks the scope {wanted}.",
            "Ask for a token with that scope. If the key does not have it, ask for another key.",
        )
