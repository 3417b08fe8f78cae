"""Every address below /api/. Apps are named by string: this floor imports none of them."""

from django.urls import include, path

app_name = "api"
urlpatterns = [
    path("", include("portal.web.api_urls")),
    path("v1/", include("portal.accounts.api.urls")),
    path("v1/", include("portal.intake.api_urls")),
    path("v1/", include("agreements.api.v1.urls")),
    path("v1/", include("claims.api.v1.urls")),
]
