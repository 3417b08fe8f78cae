"""Documentation printed from the tables the code itself runs on: files, findings, lifecycle, roles, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from agreements.federal_list import FEDERAL_LIST, FEDERAL_LIST_FINDINGS
from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_layout import ROSTER
from awards.counts_file import COUNTS, COUNTS_FINDINGS
from awards.rules import RULE_FILE as AWARD_RULES
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.layout import PAYROLL
from claims.rules.adjudication import RULE_FILE as ADJUDICATION_RULES
from claims.rules.facts import RULE_FILE as REIMBURSEMENT_RULES
from claims.rules.lifecycle import LIFECYCLE, STATE_LABELS, Action
from claims.rules.lines import CHOSEN, Reason
from portal.accounts.roles import CAPABILITIES, SCOPES, Capability, Role
from portal.kernel.findings import Catalogue
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import Layout

HEAD = (
    "<!-- Printed by `bin/manage print_docs`; change the table in the code, not this page. -->\n\n"
)


def files() -> str:
    """The layouts of the files people send."""
    layouts = (ROSTER, PAYROLL, COUNTS, FEDERAL_LIST)
    return "# Files\n\n" + "\n".join(map(_layout, layouts))


def findings() -> str:
    """Every finding a file can have."""
    return "# Findings\n\n" + "\n".join(
        _catalogue(title, catalogue)
        for title, catalogue in (
            ("Roster", ROSTER_FINDINGS),
            ("Payroll", PAYROLL_FINDINGS),
            ("Counts", COUNTS_FINDINGS),
            ("Federal list of authorizations", FEDERAL_LIST_FINDINGS),
        )
    )


def lifecycle() -> str:
    """The life of a claim: the table, and a diagram of it."""
    rows = [
        (
            f"`{action.code}`",
            action.label,
            ", ".join(f"`{state}`" for state in sorted(action.frm)),
            f"`{action.to}`" + _what_opens(action),
            f"`{action.capability}`",
            action.part,
            ", ".join(_asks_for(action)),
            action.effect,
        )
        for action in LIFECYCLE
    ]
    arrows = [
        f"    {state} --> {action.to}: {action.code}"
        for action in LIFECYCLE
        if not action.opens_claim
        for state in sorted(action.frm)
    ]
    states = [(f"`{state}`", label) for state, label in STATE_LABELS.items()]
    return (
        "# Lifecycle of a claim\n\n"
        "Nobody has two parts in one version of a claim; the database refuses it too.\n\n"
        + _table(
            ("Action", "Button", "From", "To", "Capability", "Part", "Asks for", "Effect"), rows
        )
        + "\n```mermaid\nstateDiagram-v2\n    [*] --> draft\n"
        + "\n".join(arrows)
        + "\n```\n\n## States\n\n"
        + _table(("State", "In words"), states)
        + "\n`paid` and `closed` are reserved: no action leads there yet.\n"
        + "\n## Why a line is adjusted\n\n"
        + _table(
            ("Code", "In words", "Rule cited", "Chosen by"),
            [
                (f"`{r}`", r.label, r.rule, "the reviewer" if r in CHOSEN else "the portal")
                for r in Reason
            ],
        )
    )


def _what_opens(action: Action) -> str:
    if action.opens_claim:
        return " of a linked claim"
    return " of the next version" if action.opens_version else ""


def _asks_for(action: Action) -> Iterable[str]:
    if action.note_required:
        yield "a note"
    if action.fresh:
        yield "the password"
    if action.held:
        yield "no hold"
    if not action.by_button:
        yield "an appeal"


def roles() -> str:
    """Roles, what each may do, and the scopes of API keys."""
    rows = [
        (
            role.label,
            role.side.label,
            ", ".join(f"`{c}`" for c in Capability if c in CAPABILITIES[role]),
        )
        for role in Role
    ]
    scopes = [
        (f"`{scope}`", words, ", ".join(f"`{c}`" for c in Capability if c in capabilities))
        for scope, (words, capabilities) in SCOPES.items()
    ]
    return (
        "# Roles\n\n"
        + _table(("Role", "Side", "Capabilities"), rows)
        + "\n## Scopes of API keys\n\n"
        + _table(("Scope", "In words", "Capabilities"), scopes)
    )


def rules() -> str:
    """The law as data: every value, since when, by what source, and where it is a reading."""
    day = Quarter(2026, 1).start
    rows = [
        (
            f"`{citation.name}`",
            citation.title,
            citation.value,
            citation.unit,
            citation.from_on.isoformat(),
            citation.source,
            citation.interpretation or "",
        )
        for rule_file in (REIMBURSEMENT_RULES, AWARD_RULES, ADJUDICATION_RULES)
        for citation in rule_file.on(day).citations
    ]
    return f"# Rules in force on {day}\n\n" + _table(
        ("Name", "What", "Value", "Unit", "Since", "Source", "Interpretation"), rows
    )


PAGES: dict[str, Callable[[], str]] = {
    "files.md": files,
    "findings.md": findings,
    "lifecycle.md": lifecycle,
    "roles.md": roles,
    "rules.md": rules,
}


def _layout(layout: Layout) -> str:
    rows = [
        (f"`{doc.column}`", doc.required, doc.format, doc.blank, doc.help, f"`{doc.example}`")
        for doc in layout.documentation()
    ]
    return f"## {layout.title}\n\n" + _table(
        ("Column", "Required", "Format", "Blank means", "What", "Example"), rows
    )


def _catalogue(title: str, catalogue: Catalogue) -> str:
    rows = [
        (f"`{kind.code}`", kind.severity, kind.title, kind.message, kind.why, kind.fix)
        for kind in catalogue.kinds.values()
    ]
    return f"## {title}\n\n" + _table(("Code", "Severity", "What", "Message", "Why", "Fix"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def line(cells: Iterable[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"

    return line(header) + line("---" for _ in header) + "".join(line(row) for row in rows)
