"""What can be said of one of ICE's lists.

An error means that there is no list to use. A warning is for a person to look at: the row stands
as far as it can be read. A notice says what was folded on the way.
"""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.catalogue import FILE_KINDS

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_LIST = (
    Kind(
        "not_a_list",
        ERROR,
        "Not one of ICE's lists",
        "No row among the first holds the columns of a list. Missing: {missing}.",
        "Send ICE's spreadsheet as published, with STATE, LAW ENFORCEMENT AGENCY and SUPPORT TYPE.",
    ),
    Kind(
        "older_layout",
        NOTICE,
        "Column not in this list",
        "The list has no column {column}: {consequence}.",
        "Nothing to do: older lists have fewer columns.",
    ),
    Kind(
        "header_only",
        WARNING,
        "A list without rows",
        "The list has its header but names no agency.",
        "Check that the file is complete. An empty list of pending agencies can be right.",
    ),
    Kind(
        "name_says_other_kind",
        WARNING,
        "Named as the other list",
        "The file is named as a list of {named} agencies, but its columns are those of a list of "
        "{kind} agencies. It was read as what it holds.",
        "Check whether two files have each other's name.",
    ),
    Kind(
        "name_says_other_day",
        WARNING,
        "Named for another day",
        "The file is named for {named_on}, but {reason}. It was read as the list of {as_of}.",
        "Give the right day with the import if this is not it.",
    ),
    Kind(
        "name_without_day",
        NOTICE,
        "No possible day in the name",
        "The digits “{value}” in the file's name are no day the list can be of.",
        "Nothing to do if the day shown for the list is right.",
    ),
    Kind(
        "day_unknown",
        WARNING,
        "Day of the list unknown",
        "Neither the file's name nor its content says of which day the list is.",
        "Give the day with the import.",
    ),
    Kind(
        "merged_in_list",
        WARNING,
        "Merged cells in the list",
        "{what}",
        "Look at these rows: only the first of the merged cells was read.",
    ),
    Kind(
        "stray_row",
        WARNING,
        "Not a row of the list",
        "Row {row} names no state, no agency and no model: it was left out.",
        "Nothing to do if it is a remark below the list.",
    ),
)

_VALUES = (
    Kind(
        "blank_in_list",
        WARNING,
        "Missing value",
        "{column} is blank in row {row}, so it is not certain which agreement the row means.",
        "Look the row up in ICE's next list, or enter the agreement by hand.",
    ),
    Kind(
        "unknown_state",
        WARNING,
        "Unknown state",
        "“{value}” is no state or territory.",
        "Enter the agreement by hand under the right state.",
    ),
    Kind(
        "unknown_model",
        WARNING,
        "Unknown model",
        "“{value}” is none of the three models.",
        "Enter the agreement by hand under the right model; a cell with two models is two agreements.",
    ),
    Kind(
        "unknown_type",
        WARNING,
        "Unknown type of agency",
        "“{value}” is no type of agency the portal knows.",
        "Choose the type on the agency's page.",
    ),
    Kind(
        "unknown_county",
        WARNING,
        "Unknown county",
        "“{value}” is no county of {state}.{hint}",
        "Correct the county on the agency's page; check the state too.",
    ),
    Kind(
        "signed_unreadable",
        WARNING,
        "Impossible date",
        "“{value}” in SIGNED is no day that can be read.",
        "Find the day in the agreement itself and enter it by hand.",
    ),
    Kind(
        "signed_missing",
        WARNING,
        "No date of signature",
        "SIGNED is blank in row {row}.",
        "Find the day in the agreement itself and enter it by hand.",
    ),
    Kind(
        "signed_in_future",
        WARNING,
        "Signed after the list",
        "The agreement is dated {value}, after the list of {as_of} that names it.",
        "Compare with the agreement itself; often the year is mistyped.",
    ),
    Kind(
        "signed_too_early",
        WARNING,
        "Signed before the program",
        "The agreement is dated {value}, before the first 287(g) agreement of 2002.",
        "Compare with the agreement itself; often the year is mistyped.",
    ),
    Kind(
        "name_too_long",
        WARNING,
        "Name cut",
        "The agency's name has {length} characters; the first {longest} were kept.",
        "Check the name on the agency's page.",
    ),
    Kind(
        "addendum_in_name",
        WARNING,
        "An addendum listed as an agency",
        "“{value}” is named like a document, not like an agency.",
        "Merge it with the agency whose agreement was amended.",
    ),
    Kind(
        "link_unusable",
        WARNING,
        "Link that leads nowhere",
        "The link in {column} of row {row} is no address of the web.",
        "Attach the document on the agency's page.",
    ),
)

_TOGETHER = (
    Kind(
        "listed_twice",
        WARNING,
        "Listed twice",
        "Rows {other} and {row} list the same agency and model{difference}.",
        "Check which row is right. The one signed last was taken.",
    ),
    Kind(
        "facts_differ",
        WARNING,
        "One agency, two answers",
        "Rows {other} and {row} are one agency, but {column} is “{first}” and “{value}”.",
        "Choose the right one on the agency's page.",
    ),
    Kind(
        "spelled_in_two_ways",
        NOTICE,
        "One agency in two spellings",
        "“{first}” (row {other}) and “{value}” (row {row}) were read as one agency.",
        "Nothing to do.",
    ),
    Kind(
        "names_alike",
        WARNING,
        "Two names that may be one agency",
        "“{first}” (row {other}) and “{value}” (row {row}) are two agencies by their names.",
        "Merge them if they are one.",
    ),
)

_FOLDED = (
    Kind(
        "padding_folded",
        NOTICE,
        "Superfluous spaces",
        "Superfluous spaces and invisible characters were left out (cells: {count}).",
        "Nothing to do.",
    ),
    Kind(
        "spelling_folded",
        NOTICE,
        "Other spellings",
        "In {column} these are written otherwise and were read as what they mean: {examples} "
        "(rows: {count}).",
        "Nothing to do if these are right.",
    ),
    Kind(
        "county_not_given",
        NOTICE,
        "Rows without a county",
        "Some rows name no county: #N/A or blank (rows: {count}).",
        "Nothing to do: agencies of a state have none.",
    ),
    Kind(
        "date_folded",
        NOTICE,
        "Dates not held as dates",
        "In SIGNED these are text or plain numbers and were read: {examples} (rows: {count}).",
        "Nothing to do if these are right.",
    ),
    Kind(
        "links_unwrapped",
        NOTICE,
        "Links through a mail gateway",
        "Links led through a mail gateway or a viewer; the address behind was kept (links: {count}).",
        "Nothing to do.",
    ),
    Kind(
        "moa_not_linked",
        NOTICE,
        "Agreements without a link",
        "Some rows have no link to the signed agreement, most say “link pending” (rows: {count}).",
        "Nothing to do: ICE adds the link later.",
    ),
)

ICE_FINDINGS = Catalogue(FILE_KINDS + _LIST + _VALUES + _TOGETHER + _FOLDED)
