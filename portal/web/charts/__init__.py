"""Charts drawn by the server: whole numbers in, a drawing with the table behind it out.

A page shows one with `components/charts/chart.html`. A drawing is SVG without scripts and inline
styles: lengths along the page are percentages and heights are pixels, so that it fits every width
while its text keeps its size. What is shown keeps the order it came in; a chart ranks nothing.
"""

from portal.web.charts.bars import BarChart, bar_chart
from portal.web.charts.chart import Chart, Numbers, Series
from portal.web.charts.states import StateMap, state_map
from portal.web.charts.timeline import Period, Periods, Timeline, months, quarters, timeline

__all__ = [
    "BarChart",
    "Chart",
    "Numbers",
    "Period",
    "Periods",
    "Series",
    "StateMap",
    "Timeline",
    "bar_chart",
    "months",
    "quarters",
    "state_map",
    "timeline",
]
