"""The summary by cost category and the worksheets, against the stored calculation."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction

from awards.rules import Counts
from claims.packets.facts import Corrected, PacketFacts
from claims.packets.sections import award, overtime, summary
from claims.packets.sections.overtime import SEE_NOTE
from claims.packets.used import UsedBefore
from claims.packets.writing import amount
from claims.rules.explain.overtime import CHANGED
from claims.rules.lines import Category
from claims.rules.reimbursement import OfficerResult
from tests.claims.packets.reading import text
from tests.claims.packets.sample import (
    CERTIFIED_AT,
    in_the_third_quarter,
    packet_facts,
    retold,
)
from tests.claims.packets.test_pdf import make

NOTHING = dict.fromkeys(Category, 0)


def test_the_categories_add_up_to_what_is_claimed() -> None:
    facts = packet_facts(7)
    result = facts.calculation.result
    disallowed = sum(outcome.overtime_disallowed for outcome in result.officers)
    assert disallowed > 0
    rows = _rows(facts)
    assert rows["Reimbursement"][0] == [
        amount(result.reimbursement + disallowed),
        amount(disallowed),
        amount(result.reimbursement),
    ]
    assert rows["Total"][0][1:] == [amount(disallowed), amount(result.total)]
    components = [rows[name][0][2] for name in ("Health", "Pension", "Workers comp")]
    assert sum(map(_cents, components)) == sum(outcome.benefits for outcome in result.officers)


def test_the_fiscal_year_to_date_is_the_earlier_quarters_and_this_one() -> None:
    facts = in_the_third_quarter(packet_facts(3, adjusted=True))
    total = facts.calculation.result.total
    this_quarter, earlier, to_date = _rows(facts)["Total"]
    claimed = 10_000_000 + 1_234_567 + 2_000_000
    assert earlier == [amount(claimed), amount(9_000_000 + 1_234_567)]
    assert to_date == [amount(claimed + total), amount(10_234_567 + total - 3_000)]
    assert this_quarter[-1] == amount(total - 3_000)


def test_a_denied_correction_leaves_the_year_what_its_quarter_was_allowed_before() -> None:
    before = NOTHING | {Category.REGULAR: 10_000_00, Category.OVERTIME: 9_000_00}
    corrected = Corrected("A00042-FY2026Q1", 19_000_00, CERTIFIED_AT, before)
    denied = in_the_third_quarter(packet_facts(1, adjusted=True, denied=True))
    rows = _rows(retold(denied, corrected=corrected))
    this_quarter, earlier, to_date = rows["Total"]
    award = denied.calculation.result.award.amount
    assert this_quarter[-1] == amount(award), "the sample leaves the award alone"
    assert to_date[-1] == amount(_cents(earlier[-1]) + 19_000_00)
    assert rows["Regular pay"][2][-1] == amount(9_000_000 + 10_000_00)
    assert rows["Benefits"][2][-1] == "0.00"
    untold = _rows(retold(denied, corrected=dataclasses.replace(corrected, by_category={})))
    assert untold["Total"][2][-1] == "", "rather nothing than a wrong amount"
    told = text(make(retold(denied, corrected=corrected)))
    assert "so the quarter stands as claim A00042-FY2026Q1 left it" in told


def test_a_quarter_that_is_not_decided_counts_as_claimed_and_not_as_allowed() -> None:
    facts = in_the_third_quarter(packet_facts(1))
    shown = summary.context(facts)
    assert shown["undecided_quarters"] == "FY2026Q2"
    assert [row["allowed"] for row in shown["earlier_quarters"]] == ["102,345.67", "not decided"]
    said = text(make(facts))
    assert "FY2026Q2 A00042-FY2026Q2 In review 20,000.00 not decided" in said
    assert "Not decided yet: FY2026Q2. Nothing of it counts as allowed until it is." in said


def test_the_overtime_worksheet_has_everybody_from_eighty_percent_of_the_cap_on() -> None:
    facts = _with_overtime((79_99, 0, 79_99), (80_00, 0, 80_00), (50_00, 30_00, 50_00), (0, 0, 0))
    assert [place for place, _, _ in overtime.near_cap(facts)] == [2, 3]


def test_the_overtime_worksheet_has_everybody_with_overtime_disallowed() -> None:
    facts = _with_overtime((5_00, 0, 0))
    assert [row["disallowed"] for row in overtime.context(facts)["worksheet"]] == ["5.00"]


def test_an_average_salary_can_be_divided_again() -> None:
    (row,) = overtime.context(packet_facts(1))["worksheet"]
    assert row["segments"] == "10/01/2025 – 09/30/2026: 365 days × 52,000.00"
    assert (row["salary"], row["cap"], row["used"]) == ("52,000.00", "13,000.00", "100%")


def test_what_was_used_before_opens_by_quarter_where_the_claims_say_all_of_it() -> None:
    facts = _with_overtime((50_00, 45_00, 50_00))
    officer_id = facts.calculation.result.officers[0].officer_id

    def before(*quarters: int) -> str:
        told = tuple(
            UsedBefore(f"FY2026Q{number}", f"A00042-{number}", 1, "Draft", {officer_id: cents})
            for number, cents in enumerate(quarters, 1)
        )
        return overtime.context(retold(facts, used_before=told))["worksheet"][0]["before"]

    assert before(40_00, 5_00) == "Q1: 40.00\nQ2: 5.00\n45.00"
    assert before(40_00, 4_00) == f"{SEE_NOTE}\n45.00"
    assert f"{SEE_NOTE}: {CHANGED}." in text(make(retold(facts, used_before=())))


def test_the_rate_is_cut_and_never_rounded_into_a_tier() -> None:
    assert _rate(160, 200) == "160 ÷ 200 × 100 = 80%"
    assert _rate(179, 200) == "179 ÷ 200 × 100 = 89.5%"
    assert _rate(899_999, 1_000_000) == "899,999 ÷ 1,000,000 × 100 = 89.9999%"
    assert _rate(8_999_999, 10_000_000) == "8,999,999 ÷ 10,000,000 × 100 = 89.9999…%"
    assert _rate(2, 3) == "2 ÷ 3 × 100 = 66.6666…%"


def _rate(located: int, referred: int) -> str:
    facts = packet_facts()
    counted = dataclasses.replace(facts.calculation.claim, counts=Counts(referred, located))
    facts = dataclasses.replace(
        facts, calculation=dataclasses.replace(facts.calculation, claim=counted)
    )
    steps = {label: formula for label, formula, _ in award.context(facts)["award"]["steps"]}
    assert Fraction(located, referred) <= 1
    return steps["Rate"]


def _with_overtime(*officers: tuple[int, int, int]) -> PacketFacts:
    """The sample with officers of a cap of 100 dollars: submitted, used before and allowed, in cents."""
    facts = packet_facts(len(officers))
    outcomes: tuple[OfficerResult, ...] = tuple(
        outcome._replace(
            overtime_submitted=submitted,
            overtime_used_before=before,
            overtime_allowed=allowed,
            overtime_cap=100_00,
        )
        for outcome, (submitted, before, allowed) in zip(
            facts.calculation.result.officers, officers, strict=True
        )
    )
    result = dataclasses.replace(facts.calculation.result, officers=outcomes)
    return dataclasses.replace(
        facts, calculation=dataclasses.replace(facts.calculation, result=result)
    )


def _rows(facts: PacketFacts) -> dict[str, list[list[str]]]:
    return {row["label"]: row["groups"] for row in summary.context(facts)["summary"]}


def _cents(shown: str) -> int:
    return int(Decimal(shown.replace(",", "")) * 100)
