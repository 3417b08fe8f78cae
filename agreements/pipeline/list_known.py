"""The agencies and agreements there are, by the keys that ICE's lists name them with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agreements.agency_names import name_key
from agreements.ice_list import IceList, IceRow, KnownAgreement
from agreements.ice_list.counties import find_county
from agreements.models import ActivePeriod, AgencyName, Agreement
from portal.accounts.models import Agency

AgencyKey = tuple[str, str]

_LONGEST_ADDRESS = 500
_LONGEST_KEY = 200
_LONGEST_COUNTY = 100


class Known:
    """Everything a list is compared with, read at once.

    An agency is found by its name and by its other names, within its state. Records that were merged
    into another are passed over: their names lead to that other one.
    """

    def __init__(self, *, for_update: bool = False) -> None:
        self.agencies: dict[AgencyKey, Agency] = {}
        self.main_key: dict[int, AgencyKey] = {}
        self.by_number: dict[int, Agency] = {}
        for agency in Agency.objects.filter(merged_into=None).exclude(state="").order_by("pk"):
            key = (agency.state, name_key(agency.name)[:_LONGEST_KEY])
            if key not in self.agencies:
                self.agencies[key] = self.by_number[agency.pk] = agency
                self.main_key[agency.pk] = key
        self.named: set[AgencyKey] = set()
        for alias in AgencyName.objects.all():
            self.named.add((alias.state, alias.key))
            if alias.agency_id in self.by_number:
                self.agencies[alias.state, alias.key] = self.by_number[alias.agency_id]
        self.agreements = self._agreements(for_update)
        self._periods: dict[tuple[int, str], list[ActivePeriod]] = {}
        for period in ActivePeriod.objects.order_by("active_from"):
            self._periods.setdefault((period.agency_id, period.model), []).append(period)

    def _agreements(self, for_update: bool) -> dict[tuple[str, str, str], Agreement]:
        """By state, main key and model: the agreement that is alive, else the one that ended last."""
        agreements = Agreement.objects.order_by("pk")
        if for_update:
            agreements = agreements.select_for_update()
        found: dict[tuple[str, str, str], Agreement] = {}
        for agreement in agreements:
            if main := self.main_key.get(agreement.agency_id):
                other = found.get((*main, agreement.model))
                if other is None or other.status == Agreement.Status.ENDED:
                    found[*main, agreement.model] = agreement
        return found

    def agency_of(self, row: IceRow) -> Agency | None:
        """The agency a row is about, None when there is none yet."""
        return self.agencies.get((row.state, row.name_key))

    def periods_of(self, agreement: Agreement) -> list[ActivePeriod]:
        """All active periods of the agency and model, of earlier agreements too, by first day."""
        return self._periods.get((agreement.agency_id, agreement.model), [])

    def compared(self) -> Iterator[KnownAgreement]:
        """The agreements as `ice_list.compare` takes them."""
        for (state, key, model), agreement in self.agreements.items():
            agency = self.by_number[agreement.agency_id]
            yield KnownAgreement(
                state,
                key,
                model,
                agreement.status,  # type: ignore[arg-type]  # one of the three, by its choices
                agreement.signed_on,
                agency.county,
                agency.kind,
                agreement.moa_url,
                agreement.addendum_url,
            )

    def in_its_words(self, ice_list: IceList) -> IceList:
        """The list with each agency under its main key and with one answer for each of its facts.

        Of two counties or types in one list the first stands. A county that does not exist never
        replaces one that is known.
        """
        facts: dict[tuple[AgencyKey, str], str] = {}
        rows = []
        for row in ice_list.rows:
            agency = self.agencies.get((row.state, row.name_key[:_LONGEST_KEY]))
            key = self.main_key[agency.pk] if agency else (row.state, row.name_key[:_LONGEST_KEY])
            county = row.county[:_LONGEST_COUNTY]
            if agency and agency.county and not find_county(row.state, county):
                county = ""
            if county:
                county = facts.setdefault((key, "county"), county)
            kind = row.agency_type
            if kind:
                kind = facts.setdefault((key, "kind"), kind)
            rows.append(
                row._replace(
                    name_key=key[1],
                    county=county,
                    agency_type=kind,
                    moa_url=_address(row.moa_url),
                    addendum_url=_address(row.addendum_url),
                )
            )
        return replace(ice_list, rows=tuple(rows))


def _address(url: str) -> str:
    return url if len(url) <= _LONGEST_ADDRESS else ""
