"""ICE's own lists of 287(g) agencies: read as they are published, and compared with what is known.

`reading` makes rows of a workbook (columns: `layout`, cells: `values`, `counties`, `links`; the
list's day: `day`), `checks` looks at the rows together, `comparison` says what a list changes.
Nothing here raises on what a list holds; what is folded, doubted or left out becomes a finding.
"""

from agreements.ice_list.catalogue import ICE_FINDINGS
from agreements.ice_list.comparison import (
    Change,
    Comparison,
    FieldChange,
    KnownAgreement,
    compare,
)
from agreements.ice_list.reading import read_ice_list
from agreements.ice_list.rows import IceList, IceRow

__all__ = [
    "ICE_FINDINGS",
    "Change",
    "Comparison",
    "FieldChange",
    "IceList",
    "IceRow",
    "KnownAgreement",
    "compare",
    "read_ice_list",
]
