"""A client for the REST API of the 287(g) reimbursement portal. Only the standard library is used."""

from portal287g.api import Portal
from portal287g.transport import Problem, Unreachable

__all__ = ["Portal", "Problem", "Unreachable"]
