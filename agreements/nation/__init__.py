"""A made-up nation for trials: agencies, agreements and officers in the proportions of the real one.

Nobody in it exists; only states and counties do. The same seed, sizes and day give the same nation.
"""

from agreements.nation.agencies import NationAgency, NationAgreement, NationPeriod
from agreements.nation.making import Nation, NationSize, make_nation
from agreements.nation.officers import NationEntry, NationOfficer

__all__ = [
    "Nation",
    "NationAgency",
    "NationAgreement",
    "NationEntry",
    "NationOfficer",
    "NationPeriod",
    "NationSize",
    "make_nation",
]
