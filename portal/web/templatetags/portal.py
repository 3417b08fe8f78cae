"""How amounts, days, instants, states and icons are written on a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.kernel.money import cents, format_cents
from portal.web.access import capacity

register = template.Library()

#: Shown where there is no value; a screen reader says the words instead.
NOTHING = SafeString('<span aria-hidden="true">–</span><span class="usa-sr-only">none</span>')

#: What a state means for the person looking at it. States not named here are neutral.
TONES = {
    "ready": "info",
    "submitted": "info",
    "in_review": "info",
    "recommended": "info",
    "validating": "info",
    "running": "info",
    "queued": "info",
    "proposed": "warning",
    "returned": "warning",
    "partly_approved": "warning",
    "on_hold": "warning",
    "warning": "warning",
    "accepted": "success",
    "approved": "success",
    "paid": "success",
    "active": "success",
    "done": "success",
    "denied": "error",
    "rejected": "error",
    "failed": "error",
    "error": "error",
}


@register.filter
def money(amount: int | Decimal | None) -> str:
    """Whole cents or decimal dollars as `$1,234.50`; `None` as a dash."""
    if amount is None:
        return NOTHING
    if isinstance(amount, Decimal):
        amount = cents(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    return format_cents(amount)


@register.filter
def day(value: date | None) -> str:
    """A date as `Jan 20, 2026`; `None` as a dash."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}">{}</time>',
        value.strftime("%Y-%m-%d"),
        f"{value:%b} {value.day}, {value.year}",
    )


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in the reader's time zone, which is named: `Jan 20, 2026, 10:05 AM EST`."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    clock = f"{local.hour % 12 or 12}:{local:%M %p %Z}"
    return format_html(
        '<time datetime="{}">{}</time>',
        value.isoformat(),
        f"{local:%b} {local.day}, {local.year}, {clock}",
    )


@register.filter
def tone(state: str) -> str:
    """`neutral`, `info`, `success`, `warning` or `error`: the colour of a state."""
    return TONES.get(state, "neutral")


@register.filter
def words(code: str) -> str:
    """A code as words: `partly_approved` becomes `Partly approved`."""
    return code.replace("_", " ").capitalize()


@register.filter
def in_eights(code: str) -> str:
    """A long code in groups that people can compare: `0123456789abcdef` becomes `01234567 89abcdef`."""
    return " ".join(code[at : at + 8] for at in range(0, len(code), 8))


@register.simple_tag(takes_context=True)
def acting_for(context: Context) -> SafeString:
    """A hidden field for forms: the agency the page was shown for (`portal.web.access`)."""
    actor = context.get("actor")
    if actor is None:
        return SafeString("")
    return format_html('<input type="hidden" name="acting_for" value="{}">', capacity(actor))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One drawing of the USWDS sprite, for decoration: the words stand beside it. `size` 3 to 9."""
    return format_html(
        '<svg class="usa-icon{}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        f" usa-icon--size-{size}" if size else "",
        static("vendor/uswds/img/sprite.svg"),
        name,
    )
