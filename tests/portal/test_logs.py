"""Log lines are JSON, one a line."""

import json
import logging

from portal.logs import JsonLines


def test_an_exception_stays_on_one_line() -> None:
    try:
        raise ValueError("broken\nin two")
    except ValueError as error:
        record = logging.LogRecord(
            "portal.x", logging.ERROR, "x.py", 1, "%s failed", ("it",), (ValueError, error, None)
        )
    text = JsonLines().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["logger"], line["message"]) == ("error", "portal.x", "it failed")
    assert "broken" in line["exception"]
