"""What every endpoint of the API does first: who calls, with which scope, asking for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
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
from portal.accounts.api.limits import Budget, spend
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.kernel.errors import NotAllowed
from portal.web.api_endpoint import Endpoint
from portal.web.api_etags import is_known, refuse_stale, refuse_unseen, tag_of
from portal.web.api_json import StrictJsonParser, refuse_unreadable_body
from portal.web.api_paging import page

SAFE_METHODS = frozenset({"GET", "HEAD"})
KEPT_BY_304 = ("ETag", "Cache-Control", "Retry-After")


class ApiView(APIView):
    """A view whose methods are marked with `endpoint`; `asked` holds the query parameters, read."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (KeyAuthentication,)
    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJsonParser,)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    http_method_names = ("get", "head", "post")
    endpoint: Endpoint | None = None
    asked: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whoever may not call this, and parameters that make no sense."""
        super().initial(request, *args, **kwargs)
        handler = getattr(self, (request.method or "").lower(), None)
        endpoint: Endpoint | None = getattr(handler, "endpoint", None)
        if endpoint is None:
            return  # The framework answers 405.
        self.endpoint = endpoint
        self.spend(*self.budgets(endpoint))
        if endpoint.scopes and not self.caller.scopes.intersection(endpoint.scopes):
            self._refuse_scope(endpoint)
        self.asked = endpoint.read_query(request.query_params)
        refuse_unreadable_body(request)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Answers are for the caller alone; no cache on the way keeps them."""
        if response.status_code == 200 and self.endpoint is not None and self.endpoint.tagged:
            response = self._tagged(request, response)
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final

    def budgets(self, endpoint: Endpoint) -> list[Budget]:
        """Whose requests of the minute this one is counted among."""
        key = self.caller.key
        kind = "read" if self.request.method in SAFE_METHODS else "write"
        own = [Budget(kind, key.pk)]
        return [*own, Budget("upload", key.agency_id)] if endpoint.queues else own

    def spend(self, *budgets: Budget) -> None:
        """Count the request, say in the answer what is left, and refuse it when nothing was."""
        standing = spend(budgets)
        if standing is not None:
            self.headers.update(standing.headers)
            standing.refuse_more()

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
        **context: Any,
    ) -> Response:
        """The page of `rows` that was asked for; see `portal.web.api_paging`."""
        return page(self.request, self.asked, rows, by, serializer, context)

    def once(self, content: bytes, perform: Callable[[], Response]) -> Response:
        """Do this request once, however often it is sent; see `idempotency`."""
        return once(self.request, self.caller.key, content, perform)

    def unless_changed(
        self, seen: Callable[[], Any], perform: Callable[[], Response], *, needed: bool = False
    ) -> Callable[[], Response]:
        """`perform`, refused when If-Match does not name what `seen` tells of its subject.

        Both happen under the agency's lock, so that nothing comes between them. With `needed` a request
        without the header is refused at once.
        """
        wanted = self.request.headers.get("If-Match")
        if needed:
            refuse_unseen(wanted)
        if wanted is None:
            return perform

        def guarded() -> Response:
            with transaction.atomic():
                Agency.objects.select_for_update(no_key=True).get(pk=self.agency.pk)
                refuse_stale(tag_of(seen()), wanted)
                return perform()

        return guarded

    def _tagged(self, request: Request, response: Any) -> Any:
        """The answer with its tag, or 304 to a client that knows it."""
        if "ETag" not in response:
            response["ETag"] = tag_of(response.data)
        response["Cache-Control"] = "private, no-cache"
        if not is_known(response["ETag"], request.headers.get("If-None-Match")):
            return response
        kept = {name: response[name] for name in KEPT_BY_304 if name in response}
        return HttpResponse(status=304, headers=kept)

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
