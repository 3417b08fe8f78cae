"""Addresses about people and keys. The agency switch has no namespace: the page header names it."""

from django.urls import include, path

from portal.accounts import leaving_pages, views

people = (
    [
        path("people/", views.people, name="people"),
        path("people/invite/", views.invite, name="invite"),
        path("people/<int:pk>/", views.person, name="person"),
        path("people/<int:pk>/invite-again/", views.invite_again, name="invite_again"),
        path("people/<int:pk>/remove/", leaving_pages.remove, name="remove"),
        path("people/<int:pk>/name/", leaving_pages.rename, name="rename"),
        path("people/roles/<int:pk>/end/", leaving_pages.end_role, name="end_role"),
        path("people/roles/<int:pk>/hand-over/", leaving_pages.hand_over, name="hand_over"),
        path("keys/", views.keys, name="keys"),
        path("keys/new/", views.new_key, name="new_key"),
        path("keys/<int:pk>/rotate/", views.rotate_key, name="rotate_key"),
        path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    ],
    "accounts",
)

urlpatterns = [
    path("switch-agency/", views.switch_agency, name="switch_agency"),
    path("", include(people)),
]
