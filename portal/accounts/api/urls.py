"""The address where keys get their tokens, below /api/v1/."""

from django.urls import path

from portal.accounts.api.token import TokenView

urlpatterns = [path("oauth/token/", TokenView.as_view(), name="token")]
