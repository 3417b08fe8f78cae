"""Performance measures: two counts per agency and quarter, and nothing about any person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Agency, User
from portal.kernel import clock
from portal.records.fields import QuarterField
from portal.records.models import AppendOnly


class PerformanceMeasure(AppendOnly):
    """Persons referred by ICE and, of those, located. A later report replaces an earlier one; both stay."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="measures")
    quarter = QuarterField()
    referred = models.PositiveIntegerField()
    located = models.PositiveIntegerField()
    reported_at = models.DateTimeField(default=clock.now)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["agency", "quarter", "-id"], name="measure_latest"),)
        constraints = (
            models.CheckConstraint(
                name="measure_located_within_referred", condition=Q(located__lte=F("referred"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.quarter}: {self.located} of {self.referred}"
