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


def password_path(user: User) -> str:
    """Where somebody chooses a password, with a token in the path that is theirs alone."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    arguments = {"uidb36": user_pk_to_url_str(user), "key": token}
    return reverse("account_reset_password_from_key", kwargs=arguments)


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
                "url": self.request.build_absolute_uri(
                    password_path(user) if is_new else reverse("account_login")
                ),
            },
        )

    def send_farewell(self, user: User, *, place: str, by: str, roles: str) -> None:
        """Tell somebody which of their roles have ended. OSError when the mail cannot be sent."""
        said = {"person": user, "place": place, "by": by, "roles": roles}
        self.send_mail("account/email/farewell", user.email, said)
