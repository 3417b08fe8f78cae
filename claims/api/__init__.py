"""Payroll and claims for machines."""
