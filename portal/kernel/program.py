"""The words of the program that every app uses."""

from __future__ import annotations

MODELS = {
    "TFM": "Task Force Model",
    "WSO": "Warrant Service Officer",
    "JEM": "Jail Enforcement Model",
}
