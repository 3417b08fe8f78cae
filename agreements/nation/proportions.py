"""What the real program looks like, in numbers: docs/program.md tells where they come from."""

from __future__ import annotations

#: Agreements signed in a month, as far as their files are dated.
SIGNED_IN_MONTH = {
    **dict.fromkeys([(year, month) for year in range(2019, 2025) for month in range(1, 13)], 2),
    (2025, 1): 3,
    (2025, 2): 114,
    (2025, 3): 152,
    (2025, 4): 64,
    (2025, 5): 22,
    (2025, 6): 52,
    (2025, 7): 91,
    (2025, 8): 72,
    (2025, 9): 66,
    (2025, 10): 59,
    (2025, 11): 88,
    (2025, 12): 92,
    (2026, 1): 105,
    (2026, 2): 111,
    (2026, 3): 111,
    (2026, 4): 143,
    (2026, 5): 101,
}

#: Agencies by the models they have agreements of.
MODELS_OF_AGENCY = {
    ("TFM",): 834,
    ("WSO",): 256,
    ("TFM", "WSO"): 87,
    ("JEM",): 50,
    ("TFM", "WSO", "JEM"): 27,
}

AGENCIES_OF_STATE = {
    "TX": 313,
    "FL": 231,
    "PA": 90,
    "MO": 84,
    "AR": 69,
    "TN": 69,
    "OK": 63,
    "AL": 45,
    "GA": 45,
    "SC": 41,
    "KY": 34,
    "WV": 33,
    "MS": 32,
    "KS": 27,
    "NC": 26,
    # The other states together; how they divide is made up.
    "LA": 22,
    "VA": 22,
    "OH": 15,
    "IN": 14,
    "UT": 14,
    "NH": 13,
    "NE": 12,
    "WI": 12,
    "WY": 12,
    "AZ": 10,
    "ID": 10,
    "NY": 10,
    "MD": 9,
    "IA": 8,
    "MN": 8,
    "MI": 7,
    "NV": 7,
    "MT": 6,
    "SD": 6,
    "ND": 5,
    "AK": 3,
    "CO": 2,
    "DE": 2,
    "MA": 1,
    "ME": 1,
}

AGENCIES_OF_KIND = {
    "municipal": 1068,
    "county": 1037,
    "state": 92,
    "constable": 48,
    "campus": 20,
    "regional": 15,
    "judicial_district": 11,
    "port": 4,
}

#: Sworn officers: the median, and how many times larger an agency at the 90th percentile is.
SWORN_OFFICERS = {"municipal": (20, 5.7), "county": (55, 5.7), "state": (600, 2.5)}
OTHER_SWORN_OFFICERS = (10, 4.0)
#: Trained task force officers of one agency; the other models have fewer.
TRAINED_OFFICERS = (6, 4.5)
OTHER_MODELS_PERCENT = 50
#: So many days after the signature all who are to be trained have been.
DAYS_TO_TRAIN = 240

#: Of a thousand.
PENDING = 15
PENDING_SECOND_MODEL = 10
ENDED = 80
RESIGNED = 50
SUSPENDED = 25
OTHER_SPELLING = 30
WITHOUT_ORI = 47
INTERRUPTED = 40
LEFT = 40
LEFT_FOR_FEDERAL = 350
