"""Lists done by the database: searched, filtered, sorted and cut into pages by query parameters.

Only what a view names can be searched, filtered or sorted by. A parameter that makes no sense is
ignored, so no address a person can type is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import QueryDict

#: Counting stops here, and so does turning pages: further down one searches.
COUNT_LIMIT = 10_000
_SEARCH_LIMIT = 100
_RESERVED = ("page", "sort", "q")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `order` names the model fields it sorts by; none: not sortable."""

    label: str
    name: str = ""
    order: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One drop-down above a table: `choices` are (value, label), `field` is what must equal it."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as the table shows it: where its sort link leads and how it is sorted now."""

    column: Column
    url: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter and the value chosen for it, empty for all."""

    filter: Filter
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One place in the page navigation; `number` 0 stands for the pages left out between."""

    number: int
    url: str
    current: bool


class Listing:
    """The page of `queryset` that the query parameters ask for, and the links to its neighbours.

    `prefix` keeps the parameters of two lists on one page apart.
    """

    def __init__(
        self,
        params: QueryDict,
        queryset: Any,
        *,
        columns: Sequence[Column],
        order: str,
        search: Sequence[str] = (),
        filters: Sequence[Filter] = (),
        per_page: int = 50,
        prefix: str = "",
    ) -> None:
        self.params = params
        self.columns = columns
        self.per_page = per_page
        self.prefix = prefix
        self.searchable = bool(search)
        self.chosen = [Chosen(item, self._choice(item)) for item in filters]
        self.term = self._read("q").strip()[:_SEARCH_LIMIT]
        self.sort = self._sort(order)
        self.queryset = self._ordered(self._narrowed(queryset, search))

    @cached_property
    def count(self) -> int:
        """How many rows there are; `COUNT_LIMIT` when there are that many or more."""
        return self.queryset.order_by()[:COUNT_LIMIT].count()

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than pages lead to."""
        return self.count == COUNT_LIMIT

    @property
    def total(self) -> str:
        """The count in words for the reader."""
        return f"more than {self.count:,}" if self.is_cut else f"{self.count:,}"

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.count // self.per_page))

    @cached_property
    def page(self) -> int:
        """The page shown, from 1; the nearest there is to the one asked for."""
        asked = self._read("page")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        return min(max(number, 1), self.pages)

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        start = (self.page - 1) * self.per_page
        return list(self.queryset[start : min(start + self.per_page, COUNT_LIMIT)])

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 in an empty list."""
        return (self.page - 1) * self.per_page + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.per_page, self.count)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.term) or any(chosen.value for chosen in self.chosen)

    @property
    def headings(self) -> list[Heading]:
        """The columns with their sort links; a second click turns the order around."""
        return [self._heading(column) for column in self.columns]

    @property
    def steps(self) -> list[Step]:
        """The page navigation: first, last and the pages around this one."""
        near = {1, self.page - 1, self.page, self.page + 1, self.pages}
        steps: list[Step] = []
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            if steps and number > steps[-1].number + 1:
                steps.append(Step(0, "", current=False))
            steps.append(Step(number, self.url(page=number), current=number == self.page))
        return steps

    @property
    def previous_url(self) -> str:
        """The link to the page before, or nothing."""
        return self.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The link to the page after, or nothing."""
        return self.url(page=self.page + 1) if self.page < self.pages else ""

    @property
    def clear_url(self) -> str:
        """The link to the list without search and filters."""
        return self.url(q=None, page=None, **{item.filter.name: None for item in self.chosen})

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """The parameters a search form must carry along: all but its own fields and the page."""
        own = {self.prefix + name for name in ("q", "page", *(c.filter.name for c in self.chosen))}
        for name, values in self.params.lists():
            if name not in own:
                yield from ((name, value) for value in values)

    def url(self, **changes: object) -> str:
        """A link to this list with some parameters changed; None takes one away."""
        params = self.params.copy()
        for name, value in changes.items():
            if value is None:
                params.pop(self.prefix + name, None)
            else:
                params[self.prefix + name] = str(value)
        return f"?{params.urlencode()}"

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def _read(self, name: str) -> str:
        # PostgreSQL knows no NUL in text; nobody types one.
        return self.params.get(self.prefix + name, "").replace("\0", "")

    def _choice(self, item: Filter) -> str:
        if item.name in _RESERVED:
            raise ValueError(f"a filter cannot be named {item.name}")
        value = self._read(item.name)
        return value if value in {choice for choice, _ in item.choices} else ""

    def _sort(self, default: str) -> str:
        known = {column.name for column in self.columns if column.order}
        asked = self._read("sort")
        return asked if asked.removeprefix("-") in known else default

    def _narrowed(self, queryset: Any, search: Sequence[str]) -> Any:
        exact: Mapping[str, str] = {
            chosen.filter.field or chosen.filter.name: chosen.value
            for chosen in self.chosen
            if chosen.value
        }
        queryset = queryset.filter(**exact)
        if search:
            for word in self.term.split():
                queryset = queryset.filter(
                    reduce(or_, (Q(**{f"{field}__icontains": word}) for field in search))
                )
        return queryset

    def _ordered(self, queryset: Any) -> Any:
        sign = "-" if self.sort.startswith("-") else ""
        name = self.sort.removeprefix("-")
        fields = next(column.order for column in self.columns if column.name == name)
        # The key at the end: rows that are equal otherwise keep their place from page to page.
        return queryset.order_by(*(sign + field for field in fields), f"{sign}pk")

    def _heading(self, column: Column) -> Heading:
        if not column.order:
            return Heading(column)
        if self.sort == column.name:
            return Heading(column, self.url(sort=f"-{column.name}", page=None), "ascending")
        turned = self.sort == f"-{column.name}"
        url = self.url(sort=column.name, page=None)
        return Heading(column, url, "descending" if turned else "")


class MemoryListing(Listing):
    """A list of rows in memory, in their own order; `text` gives what a row is searched by."""

    def __init__(
        self,
        params: QueryDict,
        rows: Sequence[Any],
        *,
        columns: Sequence[Column],
        text: Callable[[Any], str],
        per_page: int = 50,
        prefix: str = "",
    ) -> None:
        self.text = text
        super().__init__(
            params,
            rows,
            columns=columns,
            order="",
            search=("text",),
            per_page=per_page,
            prefix=prefix,
        )

    @cached_property
    def count(self) -> int:
        """How many rows there are; `COUNT_LIMIT` when there are that many or more."""
        return min(len(self.queryset), COUNT_LIMIT)

    def _narrowed(self, rows: Any, search: Sequence[str]) -> Any:
        words = self.term.casefold().split()
        return [row for row in rows if all(word in self.text(row).casefold() for word in words)]

    def _ordered(self, rows: Any) -> Any:
        return rows
