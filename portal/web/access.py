"""Who may open a page at all: every view is for somebody signed in, and is marked as such."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from portal.web.show import wants_fragment


class ActorRequest(HttpRequest):
    """A request that passed `signed_in`.

    `actor` is a `portal.accounts.policies.Actor`; this floor does not know that type.
    """

    actor: Any


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Let a view see only people who signed in; others sign in first and come back.

    The answer is never kept by a cache: the next person at the computer must not see it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return _sign_in(request)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    guarded.is_guarded = True  # type: ignore[attr-defined]  # read by the test that walks all URLs
    return guarded


def _sign_in(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        # A part of a page cannot be swapped for the sign-in page; the browser goes there whole.
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
