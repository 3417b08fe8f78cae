"""The payroll layout: one row per officer and pay period, or per day of overtime."""

from __future__ import annotations

from portal.kernel.tabular.layout import Column, Kind, Layout

PAYROLL = Layout(
    slug="payroll",
    title="Payroll",
    columns=(
        Column(
            "officer_id",
            Kind.ID,
            "The officer's payroll id, as on the roster. Never a social security number.",
            "00417",
            required="yes",
        ),
        Column(
            "period_start",
            Kind.DATE,
            "First day of the pay period; for overtime of one day, that day.",
            "2025-10-12",
            required="yes",
        ),
        Column(
            "period_end",
            Kind.DATE,
            "Last day of the pay period, included.",
            "2025-10-25",
            required="yes",
        ),
        Column(
            "paid_on",
            Kind.DATE,
            "The day the officer was paid. Nothing is reimbursed before it is paid.",
            "2025-10-30",
            required="yes",
        ),
        Column(
            "annual_salary",
            Kind.MONEY,
            "The officer's yearly base salary in the period. The overtime cap is 25% of it.",
            "72280.00",
            required="yes",
        ),
        Column(
            "regular_pay",
            Kind.MONEY,
            "Regular pay of the period, without overtime; 0 in a row that is only overtime.",
            "2780.00",
            required="yes",
        ),
        Column(
            "overtime_hours",
            Kind.HOURS,
            "Hours of overtime in the period.",
            "12.25",
            blank="none",
        ),
        Column(
            "overtime_pay",
            Kind.MONEY,
            "Pay for overtime in the period.",
            "589.37",
            blank="none",
        ),
        Column(
            "overtime_paid_by_others",
            Kind.MONEY,
            "The part of the overtime pay that another program or an outside payer covers.",
            "150.00",
            blank="none",
        ),
        Column(
            "benefit_<name>",
            Kind.MONEY,
            "What the agency paid for one benefit, one column per benefit: benefit_health, "
            "benefit_pension, and so on. Not together with benefit_total.",
            "392.31",
            blank="none",
            group=("benefit_health", "benefit_pension"),
        ),
        Column(
            "benefit_total",
            Kind.MONEY,
            "What the agency paid for all benefits, where single benefits are not known.",
            "1322.21",
            blank="none",
            in_template=False,
        ),
        Column(
            "ext_<name>",
            Kind.TEXT,
            "Columns of your own, as many as you like. They are kept and repeated in reports.",
            "Patrol East",
            blank="nothing",
            in_template=False,
        ),
    ),
)
