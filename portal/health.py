"""Whether this process can serve: asked by the demo, the containers and load balancers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers /health/ before all else: who asks knows neither the host's name nor TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The health of this process for /health/, any other address as usual."""
        return health() if request.path_info == "/health/" else self.get_response(request)


def health() -> JsonResponse:
    """200 while the database answers, 503 with Retry-After while it does not."""
    headers = {"Cache-Control": "no-store"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("the database does not answer")
        return JsonResponse({"status": "down"}, status=503, headers=headers | {"Retry-After": "15"})
    return JsonResponse({"status": "ok"}, headers=headers)
