"""The packet as a first version would have it: bare calls of the renderer, a table row per payroll line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

STYLE = """
@page { size: letter landscape; margin: 1cm; @bottom-right { content: counter(page) " of " counter(pages) } }
body { font: 9px sans-serif; }
table { width: 100%; border-collapse: collapse; }
th, td { border: 1px solid #cccccc; padding: 3px; text-align: left; }
tr:nth-child(even) { background: #f4f4f4; }
.wide-page, .new-page { page-break-before: always; }
.boxes { display: flex; }
"""
OFFICERS = (
    *("Officer", "ID", "Payable days", "Award", "Regular pay", "Benefits", "Overtime submitted"),
    *("Overtime cap", "Used before", "Overtime allowed", "Overtime disallowed", "Total"),
)
LINES = (
    *("Officer", "ID", "File", "Row", "From", "To", "Paid on", "Days", "Regular pay", "Share"),
    *("Benefits", "Share", "Overtime", "Share"),
)


def bare(html: str) -> Callable[[], bytes]:
    """The renderer called with our HTML and style sheet, and with nothing else."""
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from claims.packets.faces import FILES, face

    style: str = render_to_string("packets/packet.css")
    for name in FILES:
        style = style.replace(f"asset:{name}", face(name).as_uri())
    page = html.replace("</head>", f"<style>{style}</style></head>")
    return lambda: bytes(HTML(string=page).write_pdf())


def naive(facts: Any, context: dict[str, Any]) -> Callable[[], bytes]:
    """The same facts as a first version shows them: its tables of officers and lines in place of ours."""
    from django.template.loader import render_to_string
    from weasyprint import HTML

    def write() -> bytes:
        frame = render_to_string("packets/packet.html", {**context, "officers": (), "lines": None})
        tables = f"{_table(OFFICERS, _officers(facts))}{_table(LINES, _lines(facts))}"
        page = frame.replace("</head>", f"<style>{STYLE}</style></head>")
        return bytes(HTML(string=page.replace("</main>", f"{tables}</main>")).write_pdf())

    return write


def _table(heads: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(v))}</td>' for v in row)}</tr>" for row in rows)
    return f'<table class="wide-page"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _officers(facts: Any) -> Iterator[tuple[Any, ...]]:
    from claims.packets.writing import amount

    for officer, outcome in _pairs(facts):
        amounts = (
            *(outcome.regular, outcome.benefits, outcome.overtime_submitted),
            *(outcome.overtime_cap, outcome.overtime_used_before, outcome.overtime_allowed),
            *(outcome.overtime_disallowed, outcome.total),
        )
        counted = "Yes" if outcome.counted else "No"
        yield (
            officer.name,
            officer.officer_id,
            outcome.eligible_days,
            counted,
            *map(amount, amounts),
        )


def _lines(facts: Any) -> Iterator[tuple[Any, ...]]:
    from claims.packets.writing import amount

    for officer, outcome in _pairs(facts):
        for share in outcome.shares:
            line = officer.lines[share.line]
            benefits, overtime = (
                dict(line.benefits),
                line.overtime_pay - line.overtime_paid_by_others,
            )
            amounts = (
                *(line.regular_pay, share.regular, sum(benefits.values()), sum(share.benefits)),
                *(overtime, share.overtime),
            )
            days = f"{share.until - share.before}/{share.days}"
            yield (
                *(officer.name, officer.officer_id, line.batch, line.row),
                *(line.period_start, line.period_end, line.paid_on, days),
                *map(amount, amounts),
            )


def _pairs(facts: Any) -> Iterator[tuple[Any, Any]]:
    return zip(facts.calculation.claim.officers, facts.calculation.result.officers, strict=True)
