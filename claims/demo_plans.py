"""Who is in the demonstration: made-up agencies, their people's names, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.accounts.roles import Role
from portal.kernel.quarter import Quarter

QUARTER = Quarter(2026, 1)
SCOPES = "roster:write payroll:write claims:read"

FEDERAL = (
    ("manager@program.example", "Dana Whitfield", Role.PROGRAM_MANAGER),
    ("manager2@program.example", "Joan Ferris", Role.PROGRAM_MANAGER),
    ("reviewer@program.example", "Ruth Okafor", Role.REVIEWER),
    ("reviewer2@program.example", "Sam Lindqvist", Role.REVIEWER),
    ("approver@program.example", "Carl Jensen", Role.PAYMENT_APPROVER),
    ("approver2@program.example", "Nadia Brooks", Role.PAYMENT_APPROVER),
    ("auditor@program.example", "Mina Castellanos", Role.AUDITOR),
)
AGENCY_ROLES = (Role.ADMINISTRATOR, Role.PREPARER, Role.CERTIFIER, Role.VIEWER)
LAST_NAMES = [
    "Abbott",
    "Barnes",
    "Castillo",
    "Delgado",
    "Eastman",
    "Foster",
    "Gaines",
    "Hollis",
    "Ibarra",
    "Jarvis",
    "Keller",
    "Lawson",
    "Mercer",
    "Navarro",
    "Ortega",
    "Pruitt",
    "Quinlan",
    "Reyes",
    "Sawyer",
    "Thornton",
    "Underhill",
    "Vance",
    "Whitaker",
    "Yates",
    "Zamora",
]
FIRST_NAMES = [
    "Aaron",
    "Beth",
    "Carla",
    "Diego",
    "Elena",
    "Frank",
    "Grace",
    "Henry",
    "Irene",
    "James",
    "Karen",
    "Luis",
    "Maria",
    "Noah",
    "Olivia",
    "Paul",
    "Quentin",
    "Rosa",
    "Steven",
    "Tara",
    "Ulysses",
    "Vera",
    "Wesley",
    "Yolanda",
    "Zachary",
]


class Sends(StrEnum):
    """How an agency's payroll comes to the portal."""

    TEMPLATE = "in the template's columns"
    OWN_EXPORT = "as its system exports it, with columns matched"
    UNMATCHED = "as its system exports it, and nobody has matched the columns"
    FAULTY = "with errors"
    CORRECTED = "with errors that were corrected in the portal"
    TWO_QUARTERS = "for the quarter before, too"
    NOTHING = "not at all: there is nothing to claim"


@dataclass(frozen=True)
class Plan:
    """One demonstration agency: `stop` names the last step it has taken."""

    slug: str
    name: str
    state: str
    zone: str
    officers: int
    stop: str
    model: str = "TFM"
    counts: tuple[int, int] | None = None
    counts_confirmed: bool = True
    sends: Sends = Sends.TEMPLATE
    reviewer: str = "reviewer@program.example"

    @property
    def steps(self) -> tuple[str, ...]:
        """What is done once the payroll is there, in order."""
        return _STEPS.get(self.stop, ())


_TO_REVIEW = ("ready", "certify", "start_review")
_TO_DECISION = (*_TO_REVIEW, "recommend")
_PATHS = (
    ("extend",),
    ("ready",),
    ("ready", "certify"),
    _TO_REVIEW,
    (*_TO_REVIEW, "return"),
    (*_TO_REVIEW, "hold"),
    (*_TO_REVIEW, "ask", "answer", "adjust", "note"),
    _TO_DECISION,
    (*_TO_DECISION, "dispute"),
    (*_TO_DECISION, "endorse"),
    (*_TO_DECISION, "deny"),
    (*_TO_DECISION, "approve"),
    (*_TO_DECISION, "approve", "count"),
    (*_TO_DECISION, "approve", "amend"),
    (*_TO_REVIEW, "adjust", "recommend", "approve_partly", "appeal"),
)
_STEPS = {path[-1]: path for path in _PATHS}

PLANS = (
    Plan(
        "cedar",
        "Cedar County Sheriff's Office",
        "TX",
        "America/Chicago",
        4,
        "roster",
        counts=(31, 29),
    ),
    Plan(
        "bluffcity",
        "Bluff City Police Department",
        "TN",
        "America/Chicago",
        24,
        "payroll",
        counts=(60, 49),
        sends=Sends.OWN_EXPORT,
    ),
    Plan(
        "mesa",
        "Mesa County Sheriff's Office",
        "AZ",
        "America/Phoenix",
        9,
        "ready",
        counts=(18, 14),
        sends=Sends.CORRECTED,
    ),
    Plan(
        "harbor",
        "Harbor County Sheriff's Office",
        "FL",
        "America/New_York",
        60,
        "certify",
        counts=(140, 126),
        sends=Sends.TWO_QUARTERS,
    ),
    Plan(
        "walnut",
        "Walnut Creek Police Department",
        "GA",
        "America/New_York",
        7,
        "note",
        counts=(16, 15),
        counts_confirmed=False,
    ),
    Plan(
        "prairie",
        "Prairie County Sheriff's Office",
        "OK",
        "America/Chicago",
        9,
        "dispute",
        counts=(25, 20),
    ),
    Plan(
        "pine",
        "Pine Ridge Police Department",
        "PA",
        "America/New_York",
        6,
        "approve",
        counts=(10, 9),
    ),
    Plan(
        "lakeview",
        "Lakeview Police Department",
        "AL",
        "America/Chicago",
        11,
        "return",
        counts=(22, 13),
    ),
    Plan(
        "redcreek",
        "Red Creek County Sheriff's Office",
        "KS",
        "America/Chicago",
        5,
        "payroll",
        "WSO",
    ),
    Plan(
        "summit",
        "Summit State Highway Patrol",
        "MO",
        "America/Chicago",
        240,
        "endorse",
        counts=(410, 377),
    ),
    Plan(
        "juniper",
        "Juniper County Sheriff's Office",
        "NM",
        "America/Denver",
        14,
        "extend",
        counts=(12, 9),
        sends=Sends.UNMATCHED,
    ),
    Plan(
        "willow",
        "Willow County Sheriff's Office",
        "NC",
        "America/New_York",
        43,
        "payroll",
        counts=(55, 48),
        sends=Sends.FAULTY,
    ),
    Plan(
        "elm",
        "Elm Grove Police Department",
        "VA",
        "America/New_York",
        3,
        "certify",
        sends=Sends.NOTHING,
    ),
    Plan(
        "fern",
        "Fern Hollow Police Department",
        "SC",
        "America/New_York",
        4,
        "hold",
        reviewer="reviewer2@program.example",
    ),
    Plan(
        "granite",
        "Granite County Sheriff's Office",
        "SD",
        "America/Chicago",
        8,
        "appeal",
        counts=(19, 15),
    ),
    Plan(
        "sandhill",
        "Sandhill County Sheriff's Office",
        "NE",
        "America/Chicago",
        5,
        "deny",
    ),
    Plan(
        "clover",
        "Clover City Police Department",
        "TX",
        "America/Chicago",
        6,
        "count",
        counts=(14, 13),
    ),
    Plan(
        "birch",
        "Birch County Sheriff's Office",
        "ID",
        "America/Boise",
        7,
        "amend",
        counts=(17, 15),
    ),
)
