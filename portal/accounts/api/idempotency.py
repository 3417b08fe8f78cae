"""Doing a request once, however often it is sent (Idempotency-Key).

The answer is stored in the transaction that does the work: either both are there or neither.
A refused request stores nothing; sent again, it is judged anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import ApiKey, IdempotentRequest
from portal.kernel.errors import BadInput, NotYet, Refused

LONGEST_NAME = 255
KEPT_HEADERS = ("Location",)


class InFlight(NotYet):
    """The first request with this key is still being worked on."""

    retry_after = 1


class Reused(Refused):
    """The key belongs to another request."""

    status = 422


def once(
    request: Request, key: ApiKey, content: bytes, perform: Callable[[], Response]
) -> Response:
    """The response of `perform`, or the stored one when this request was already done.

    `content` is what makes two requests to the same address the same: their bodies, in short.
    """
    name = request.headers.get("Idempotency-Key")
    if name is None:
        return perform()
    if not (0 < len(name) <= LONGEST_NAME and name.isascii() and name.isprintable()):
        raise BadInput(
            "bad_idempotency_key",
            f"The Idempotency-Key is not 1 to {LONGEST_NAME} plain characters.",
            "Use a fresh UUID for every new request, and the same one when you repeat it.",
        )
    fingerprint = _fingerprint([request.method or "", request.get_full_path()], content)
    with transaction.atomic():
        _alone(f"{key.pk}/{name}")
        stored = IdempotentRequest.objects.filter(key=key, name=name).first()
        if stored is None:
            _forget_old(key)
            return _keep(key, name, fingerprint, perform())
        if stored.fingerprint != fingerprint:
            raise Reused(
                "idempotency_key_reused",
                "This Idempotency-Key was used before, for another request.",
                "Use a fresh key for every new request.",
            )
    headers = {**json.loads(stored.headers), "Idempotent-Replayed": "true"}
    return Response(json.loads(stored.body), stored.status, headers=headers)


def _fingerprint(address: Iterable[str], content: bytes) -> str:
    digest = hashlib.sha256("\n".join([*address, ""]).encode())
    digest.update(content)
    return digest.hexdigest()


def _alone(name: str) -> None:
    """Hold the name until the transaction ends; refuse at once when another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 287))", [name])
        (mine,) = cursor.fetchone()
    if not mine:
        raise InFlight(
            "idempotency_key_in_flight",
            "A request with this Idempotency-Key is being worked on.",
            "Send it again in a moment; you will get the first request's answer.",
        )


def _keep(key: ApiKey, name: str, fingerprint: str, response: Response) -> Response:
    IdempotentRequest.objects.create(
        key=key,
        name=name,
        fingerprint=fingerprint,
        status=response.status_code,
        body=JSONRenderer().render(response.data).decode(),
        headers=json.dumps({n: response[n] for n in KEPT_HEADERS if n in response}),
    )
    return response


def _forget_old(key: ApiKey) -> None:
    IdempotentRequest.objects.filter(
        key=key, at__lt=timezone.now() - IdempotentRequest.REMEMBERED
    ).delete()
