"""The Django app that carries the template tags and the form renderer."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Furniture without models."""

    name = "portal.web"
    label = "web"
    verbose_name = "Page and API furniture"
