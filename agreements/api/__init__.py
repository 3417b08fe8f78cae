"""Agreements, officers and rosters for machines."""
