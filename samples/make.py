"""Writes the sample files anew: `.venv/bin/python samples/make.py`. All of it is made up."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from claims.demo_exports import pay_codes, pay_columns, paychecks, printed_pages
from claims.demo_faults import TWENTY, plant
from claims.demo_files import Row, as_csv, files_of
from claims.demo_plans import PLANS

CEDAR = next(plan for plan in PLANS if plan.slug == "cedar")
WILLOW = next(plan for plan in PLANS if plan.slug == "willow")


def samples() -> dict[str, bytes]:
    """Every sample by its name."""
    officers, payroll = files_of(CEDAR)
    _, correct = files_of(WILLOW)
    faulty, _ = plant(correct, TWENTY)
    texts = {
        "pay-columns.csv": pay_columns(CEDAR.name, officers, payroll),
        "pay-codes.csv": pay_codes(officers, payroll),
        "paychecks.csv": paychecks(officers, payroll),
        "printed-pages.csv": printed_pages(CEDAR.name, payroll),
        "personal-numbers.csv": as_csv(_with_personal_number(payroll)),
        "payroll-20-errors.csv": as_csv(faulty),
        "payroll-corrected.csv": as_csv(correct),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        "hr-roster.xlsx": _personnel(officers),
    }


def _with_personal_number(rows: list[Row]) -> list[Row]:
    """One payroll id replaced by a number that only advertisements ever used."""
    return [{**rows[0], "officer_id": "987-65-4320"}, *rows[1:]]


def _personnel(officers: list[Row]) -> bytes:
    """Everybody the county employs, with far more about them than the portal may know."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Headcount"
    sheet.append([CEDAR.name])
    sheet.append(["Personnel report, all staff", None, None, "as of", date(2026, 1, 15)])
    sheet.append([])
    sheet.append(
        [
            "Employee Number", "Last Name", "First Name", "Social Security Number", "Date of Birth",
            "Race", "Gender", "Home Address", "City", "Zip", "Rank", "Date of Hire", "Termination Date",
            "287(g) Model", "Training Date", "Authorization Date", "Expiration Date", "Credential #",
        ]
    )  # fmt: skip
    staff = [dict(officer) for officer in officers]
    staff[0]["title"] = "Lieutenant"
    none = dict.fromkeys(staff[0], "")
    since = {"model": "TFM", "trained_on": date(2025, 11, 17), "authorized_from": date(2025, 12, 1)}
    staff += [
        {**none, **since, "officer_id": "1005", "last_name": "Amari", "first_name": "Noor",
         "title": "Deputy", "hired_on": date(2021, 3, 15), "authorized_to": date(2027, 11, 30),
         "credential_number": "TF-CED-0005"},
        {**none, "officer_id": "2001", "last_name": "Holt", "first_name": "June",
         "title": "Records Clerk", "hired_on": date(2012, 7, 2)},
        {**none, "officer_id": "2002", "last_name": "Baird", "first_name": "Amos",
         "title": "Dispatcher", "hired_on": date(2018, 1, 8)},
    ]  # fmt: skip
    for number, one in enumerate(staff, start=1):
        sheet.append(
            [
                one["officer_id"], one["last_name"], one["first_name"], f"000-00-{number:04d}",
                date(1980 + number, 4, number), "W", "X", f"{100 + number} Main Street", "Cedar", "79999",
                *(one[name] or None for name in (
                    "title", "hired_on", "separated_on", "model", "trained_on", "authorized_from",
                    "authorized_to", "credential_number",
                )),
            ]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    """Write them beside this file."""
    folder = Path(__file__).parent
    for name, content in samples().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
