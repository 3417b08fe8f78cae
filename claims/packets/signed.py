"""What a packet is refused for before a page of it is set."""

from __future__ import annotations

from portal.jobs.registry import Fruitless


class NotWhatWasSigned(Fruitless):
    """The stored calculation does not have the hash that was certified; nothing is printed."""
