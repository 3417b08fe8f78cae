"""Every address of the portal. Apps are named by string: this floor imports none of them."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
