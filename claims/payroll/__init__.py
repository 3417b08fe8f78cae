"""Payroll files: their layout, how they are read, and what is checked before they count."""
