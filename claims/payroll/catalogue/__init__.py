"""What can be wrong with a payroll file."""

from __future__ import annotations

from claims.payroll.catalogue.earlier_kinds import EARLIER_KINDS
from claims.payroll.catalogue.roster_kinds import ROSTER_KINDS
from claims.payroll.catalogue.row_kinds import ROW_KINDS
from portal.intake.catalogue import INTAKE_KINDS
from portal.kernel.findings import Catalogue
from portal.kernel.tabular.catalogue import FILE_KINDS
from portal.kernel.tabular.mapping import MAPPING_KINDS

PAYROLL_FINDINGS = Catalogue(
    (*INTAKE_KINDS, *FILE_KINDS, *MAPPING_KINDS, *ROW_KINDS, *ROSTER_KINDS, *EARLIER_KINDS)
)
