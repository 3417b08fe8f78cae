"""What can be found in a file before its rows are looked at: malware, strange columns, another agency."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Kind, Severity

INTAKE_KINDS = (
    Kind(
        "malware_found",
        Severity.ERROR,
        "Malware in the file",
        "The virus scanner found “{value}” in this file. The portal did not open it and did not keep it.",
        "Do not open it yourself. Tell your IT department, and send a file from a clean computer.",
        "Whoever opened it later would run the malware.",
    ),
    Kind(
        "columns_not_matched",
        Severity.ERROR,
        "Columns nobody has matched yet",
        "The columns are not those of the template, and {why}.",
        "Upload this file once in the browser and match its columns. Files with the same columns are then "
        "read by themselves, also over the API, unless dates have to be typed: better export those as "
        "columns. A program can match them too: POST to …/columns/. Or send the template’s columns.",
        "The portal does not guess what an amount was paid for.",
    ),
    Kind(
        "nothing_left",
        Severity.ERROR,
        "No rows left",
        "Nothing is left of this file: every row is left out.",
        "Take a row back in. If none of the file should count, take the earlier file back instead.",
        "A file without rows would take the place of one whose rows count.",
    ),
    Kind(
        "wrong_agency",
        Severity.ERROR,
        "Rows of another agency",
        "The file names “{value}”, which is {other}. You are sending it for {own}.",
        "Send it as that agency, or leave its rows out.",
        "An agency is paid for its own officers only.",
    ),
    Kind(
        "agency_not_known",
        Severity.NOTICE,
        "Agency that the portal does not know",
        "The agency column holds “{value}”, which the portal does not know. It was not compared.",
        "Check that all rows are of {own}.",
        "A name the portal does not know may be a department of yours, or another agency.",
    ),
)
INTAKE_FINDINGS = Catalogue(INTAKE_KINDS)
