"""How django-allauth behaves here: by email, and nobody signs up by themselves."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.models import User

DAY = 24 * 60 * 60


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by their agency's administrator or by the federal side."""
        return False

    def send_invitation(self, user: User, *, place: str, by: str) -> None:
        """Tell somebody that they may act for `place`; who has no password gets a link to set it.

        OSError (SMTPException among them) when the mail cannot be sent.
        """
        is_new = not user.has_usable_password()
        self.send_mail(
            "account/email/invitation",
            user.email,
            {
                "person": user,
                "place": place,
                "by": by,
                "is_new": is_new,
                "days": settings.PASSWORD_RESET_TIMEOUT // DAY,
                "url": self._password_url(user) if is_new else self._address("account_login"),
            },
        )

    def _password_url(self, user: User) -> str:
        token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
        url: str = self.get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
        return url

    def _address(self, name: str) -> str:
        return self.request.build_absolute_uri(reverse(name))
