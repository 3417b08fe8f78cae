"""Settings: base holds what is always so; local, test and production say where they differ."""

# Every process that loads settings may ring the doorbell, and must ring this application's.
from portal.celery import app as celery

__all__ = ["celery"]
