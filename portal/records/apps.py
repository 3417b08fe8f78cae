from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.records.privileges import grant_privileges

        # After every `migrate`: a table that appeared gets its rights, whatever app it came from.
        post_migrate.connect(grant_privileges, sender=self)
