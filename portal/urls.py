"""Every address of the portal. Apps are named by string: this floor imports none of them."""

from django.urls import include, path
from django.utils.module_loading import import_string

urlpatterns = [
    path("", import_string("claims.views.home.home"), name="home"),
    path("", include("claims.urls")),
    path("", include("agreements.urls")),
    path("", include("awards.urls")),
    path("help/", include("claims.help_urls")),
    path("api/", include("portal.api_urls")),
    path("", include("portal.accounts.urls")),
    path("account/", include("portal.accounts.sign_in_urls")),
]

handler400 = "portal.web.problems.bad_request"
handler403 = "portal.web.problems.permission_denied"
handler404 = "portal.web.problems.page_not_found"
handler500 = "portal.web.problems.server_error"
