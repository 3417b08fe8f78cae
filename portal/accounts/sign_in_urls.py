"""The pages of django-allauth that are open here: signing in and out, and one's password.

Not its pages about email addresses: whoever could give themselves an address could wait there for the
role that is granted to it. An address changes only on record, by an administrator.
"""

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from portal.kernel.errors import NotFound


def closed(request: HttpRequest) -> HttpResponse:
    """A page that allauth knows by name and that does not exist here."""
    raise NotFound


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
]
