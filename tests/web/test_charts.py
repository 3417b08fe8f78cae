"""Charts: every number is where it belongs, nothing overlaps, and nobody needs to see the colours."""

import base64
import csv
import io
import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser

from portal.kernel.quarter import Quarter
from portal.kernel.states import STATES
from portal.web.charts import (
    Chart,
    Numbers,
    Series,
    bar_chart,
    months,
    quarters,
    state_map,
    timeline,
)
from portal.web.charts.scale import class_starts, percent, share, short, ticks
from portal.web.charts.states import PLACES, SIDE

MODELS = ["Task Force Model", "Warrant Service Officer", "Jail Enforcement Model"]
YEAR = months(date(2025, 3, 14), date(2026, 2, 1))
STYLES = (Path(settings.BASE_DIR) / "static/src/portal.css").read_text()


def bars(values: list[int | None], labels: list[str] = MODELS):
    series = [Series("Agreements", values)]
    return bar_chart("by-model", "By model", heading="Model", labels=labels, series=series)


def line(values: list[int | None], periods=YEAR, **options):
    series = [Series("Agreements", values)]
    return timeline("by-month", "By month", periods=periods, series=series, **options)


def states(values: dict[str, int]):
    return state_map("by-state", "By state", measure="Agreements", values=values)


def page(chart: Chart, **context) -> str:
    return render_to_string("components/charts/chart.html", {"chart": chart, **context})


@pytest.mark.parametrize(
    ("maximum", "expected"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (6, (0, 1, 2, 3, 4, 5, 6)),
        (7, (0, 2, 4, 6, 8)),
        (958, (0, 200, 400, 600, 800, 1000)),
        (1001, (0, 200, 400, 600, 800, 1000, 1200)),
        (10**15, tuple(range(0, 10**15 + 1, 2 * 10**14))),
    ],
)
def test_ticks_are_round_and_reach_the_highest_value(maximum: int, expected: tuple) -> None:
    assert ticks(maximum) == expected


@pytest.mark.parametrize("maximum", [0, 1, 5, 6, 7, 19, 325, 8501, 10**12])
def test_classes_start_at_one_and_rise_to_the_highest_value(maximum: int) -> None:
    starts = class_starts(maximum)
    assert len(starts) <= 5
    assert list(starts) == sorted(set(starts))
    assert starts[:1] == ((1,) if maximum else ())
    assert all(start <= maximum for start in starts)


def test_classes_of_a_skewed_count_are_equal_ratios() -> None:
    assert class_starts(325) == (1, 3, 10, 30, 100)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10k"),
        (10_450, "10.5k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (123_456_789_012, "123B"),
        (10**16, "10,000T"),
    ],
)
def test_a_short_number_is_rounded_half_up(number: int, text: str) -> None:
    assert short(number) == text


def test_a_share_is_rounded_to_two_decimals() -> None:
    assert [percent(1, 3), percent(2, 3), percent(3, 3)] == ["33.33%", "66.67%", "100.00%"]
    assert share(1, 3, of=1000) == "333.33"


def test_the_longest_bar_is_full_and_the_others_are_in_proportion() -> None:
    assert [bar.width for bar in bars([200, 50, 1]).bars] == ["100.00%", "25.00%", "0.50%"]


def test_nothing_has_no_bar_but_very_little_has_one() -> None:
    chart = bars([10**12, 1, 0, None], ["A", "B", "C", "D"])
    assert [bar.width for bar in chart.bars] == ["100.00%", "0.01%", "", ""]
    assert [bar.text for bar in chart.bars] == ["1T", "1", "0", "–"]


def test_bars_keep_their_order_and_do_not_touch() -> None:
    series = [Series("Trained", [1, 5]), Series("In training", [2, 4])]
    chart = bar_chart("b", "B", heading="Agency", labels=["word " * 30, "Z"], series=series)
    assert [bar.shape for bar in chart.bars] == ["series-0", "series-1"] * 2
    for above, below in zip(chart.bars, chart.bars[1:], strict=False):
        assert above.y + above.height < below.y
    assert len(chart.lines) > 2
    assert chart.bars[-1].y + chart.bars[-1].height <= chart.height


def test_a_chart_refuses_what_it_cannot_draw_truly() -> None:
    with pytest.raises(ValueError, match="negative"):
        Series("Change", [-1])
    with pytest.raises(ValueError, match="one value for each"):
        Numbers("Model", MODELS, [Series("Agreements", [1])])
    with pytest.raises(ValueError, match="1 to 3 series"):
        Numbers("Model", [], [Series("A", [])] * 4)


def test_months_and_quarters_follow_each_other() -> None:
    assert [period.label for period in YEAR][::11] == ["March 2025", "February 2026"]
    assert len(YEAR) == 12
    fiscal = quarters(Quarter(2025, 4), Quarter(2026, 2))
    assert [period.label for period in fiscal] == ["FY2025 Q4", "FY2026 Q1", "FY2026 Q2"]
    assert len(months(date(2026, 2, 1), date(2026, 1, 1))) == 0


def test_a_line_starts_at_zero_and_ends_at_the_top_tick() -> None:
    chart = line([0, 500, 1000], months(date(2026, 1, 1), date(2026, 3, 1)))
    (run,) = chart.runs
    assert run.points == "166.67,202.00 500.00,107.00 833.33,12.00"
    assert [(grid.text, grid.y) for grid in (chart.grid[0], chart.grid[-1])] == [
        ("0", "202.00"),
        ("1,000", "12.00"),
    ]


def test_an_unknown_month_is_a_gap_and_is_told() -> None:
    chart = line([5, None, 7, None, *[1] * 8])
    assert [run.points.count(",") for run in chart.runs] == [1, 1, 8]
    assert chart.note == "Numbers are missing for April 2025, June 2025."
    chart = line([5, None, None, None, None, *[1] * 7])
    assert chart.note == "Numbers are missing for 4 of 12 months; the table shows which."


def test_a_lone_point_is_marked_in_a_long_line() -> None:
    long = months(date(2021, 1, 1), date(2026, 12, 1))
    values: list[int | None] = [None] * len(long)
    values[17] = 3
    assert [marker.y for marker in line(values, long).markers] == ["12.00"]


def test_columns_stand_on_zero_beside_each_other() -> None:
    fiscal = quarters(Quarter(2026, 1), Quarter(2026, 2))
    series = [Series("Referred", [1000, 0]), Series("Located", [500, 1])]
    chart = timeline("q", "Q", periods=fiscal, series=series, columns=True)
    assert not chart.runs
    for column in chart.columns:
        assert float(column.y) + float(column.height) == pytest.approx(202)
        assert float(column.height) >= 1
    first, second, third = chart.columns
    assert float(first.x[:-1]) + float(first.width[:-1]) == pytest.approx(float(second.x[:-1]))
    assert float(second.x[:-1]) + float(second.width[:-1]) < 50 < float(third.x[:-1])


@pytest.mark.parametrize("last", ["2020-04", "2020-05", "2021-03", "2022-04", "2025-09", "2040-03"])
def test_an_axis_has_few_labels_and_the_first_of_every_year_among_them(last: str) -> None:
    periods = months(date(2020, 4, 1), date.fromisoformat(f"{last}-01"))
    chart = line([1] * len(periods), periods)
    for axis, at_most in ((chart.wide_axis, 18), (chart.narrow_axis, 6)):
        assert 1 <= len(axis) <= at_most
        assert {label.tick for label in axis if label.group} <= {"Jan", axis[0].tick}


def test_every_state_has_one_tile_and_no_two_overlap() -> None:
    assert set(PLACES) == set(STATES)
    assert sorted(tile.code for tile in states({}).tiles) == sorted(STATES)
    for one, other in combinations(PLACES.values(), 2):
        assert abs(one.x - other.x) >= SIDE or abs(one.y - other.y) >= SIDE


def test_all_tiles_lie_inside_the_drawing() -> None:
    chart = states({})
    assert all(0 <= place.x <= chart.width - SIDE for place in PLACES.values())
    assert all(0 <= place.y <= chart.height - SIDE for place in PLACES.values())


def test_a_tile_has_the_shade_that_the_legend_gives_its_number() -> None:
    chart = states({"FL": 325, "TX": 100, "GA": 99, "AL": 1})
    words = {key.shape: key.label for key in chart.legend}
    shown = {tile.code: words[tile.shade] for tile in chart.tiles}
    assert [shown[code] for code in ("FL", "TX", "GA", "AL", "CA")] == [
        "100–325",
        "100–325",
        "30–99",
        "1–2",
        "0",
    ]


def test_a_number_without_a_state_is_counted_and_kept() -> None:
    chart = states({"TX": 4, "": 2, "ZZ": 1})
    assert chart.note == "3 without a known state: only in the table."
    assert list(chart.numbers.written_rows())[-2:] == [("State not known", ["2"]), ("ZZ", ["1"])]


@pytest.mark.parametrize(
    "chart",
    [
        bars([], []),
        bars([None] * 3),
        line([None] * 12),
        line([], months(date(2026, 2, 1), date(2026, 1, 1))),
    ],
)
def test_a_chart_without_numbers_says_so(chart: Chart) -> None:
    text = page(chart, csv_url="/numbers.csv")
    assert "There are no numbers yet." in text
    assert "<svg" not in text
    assert "/numbers.csv" not in text


@pytest.mark.parametrize(
    "chart",
    [
        bars([0] * 3),
        line([0] * 12),
        states({}),
        line([0], months(date(2020, 4, 1), date(2020, 4, 1))),
    ],
)
def test_zeros_are_numbers_and_are_drawn(chart: Chart) -> None:
    assert '<svg class="chart__drawing' in page(chart)


CHARTS = [
    bars([621, 240, None]),
    line(list(range(12))),
    line(list(range(12)), columns=True),
    states({"TX": 7}),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_drawing_is_named_and_has_its_table(chart: Chart) -> None:
    text = page(chart, csv_url="/numbers.csv")
    assert f'role="img" aria-labelledby="{chart.key}-title {chart.key}-summary"' in text
    assert f'<title id="{chart.key}-title">{chart.title}</title>' in text
    assert f'<desc id="{chart.key}-summary">{chart.summary}</desc>' in text
    assert text.count('<th scope="row">') == len(chart.numbers.labels)
    assert 'href="/numbers.csv"' in text


def test_labels_are_text_and_never_markup() -> None:
    wild = "<script>alert(1)</script> & \"Sons'"
    chart = bar_chart(
        "wild", wild, heading=wild, labels=[wild], series=[Series(wild, [1]), Series(wild, [2])]
    )
    text = page(chart)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_table_is_a_file_without_formulas() -> None:
    content = bars([1234567, 0, None], ["=1+1", "B", "C"]).numbers.csv().decode()
    assert list(csv.reader(io.StringIO(content))) == [
        ["Model", "Agreements"],
        ["'=1+1", "1234567"],
        ["B", "0"],
        ["C", ""],
    ]


def test_the_summary_tells_the_picture() -> None:
    assert bars([621, 1240, None]).summary == (
        "Task Force Model: Agreements 621. Warrant Service Officer: Agreements 1,240. "
        "Jail Enforcement Model: Agreements not known."
    )
    assert line([None, 135, *[500] * 9, 958]).summary == (
        "Agreements: 135 in April 2025, 958 in February 2026."
    )
    assert states({"TX": 1000, "FL": 1}).summary == (
        "Agreements: 1,001 in 2 of the 56 states and territories; the table has the number of each."
    )


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_shade_carries_its_text() -> None:
    shades = re.findall(
        r"\.shade-\d \{ --shade: (#\w{6}); --edge: #\w{6}; --on-shade: (#\w{6}); \}", STYLES
    )
    assert len(shades) == 6
    assert all(contrast(shade, text) >= 4.5 for shade, text in shades)


def test_the_edge_of_every_series_stands_out_from_the_page() -> None:
    edges = re.findall(r"\.series-\d \{ --shade: #\w{6}; --edge: (#\w{6}); \}", STYLES)
    assert len(edges) == 3
    assert all(contrast(edge, "#ffffff") >= 3 for edge in edges)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_charts_fit_the_page_and_numbers_their_tiles(browser: Browser, width: int) -> None:
    chart = states(dict.fromkeys(STATES, 8888))
    tab = browser.new_page(viewport={"width": width, "height": 900})
    face = Path(settings.NPM_ROOT, "@uswds/uswds/dist/fonts/public-sans/PublicSans-Bold.woff2")
    font = base64.b64encode(face.read_bytes()).decode()
    tab.set_content(
        f"<style>{STYLES.partition('/* Charts')[2].partition('*/')[2]}"
        f"@font-face {{ font-family: Bold; src: url(data:font/woff2;base64,{font}) }}"
        "body { margin: 16px; font-family: Bold }</style>"
        + "".join(page(one) for one in (chart, *CHARTS))
    )
    tab.evaluate("document.fonts.ready.then(() => 0)")
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    overhang = tab.evaluate(
        """Math.max(...[...document.querySelectorAll('.tile')].map(tile =>
            tile.querySelector('.tile__value').getBoundingClientRect().width
            - tile.querySelector('rect').getBoundingClientRect().width))"""
    )
    tab.close()
    assert overhang <= 0
