"""So many requests a minute, and none refused because nobody counts."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from portal.accounts.api import limits
from portal.accounts.api.limits import Budget, Counters, spend
from tests.api.client import Machine, ask_token, make_machine, post_form

BATCHES = "/api/v1/payroll-batches/"
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole test lies in one minute, which no other test has seen."""
    limits._counters.cache_clear()
    limits._counters()._valkey.flushdb()
    now = limits.time.time() // 60 * 60 + 20
    monkeypatch.setattr(limits.time, "time", lambda: now)


def test_reads_are_counted_by_key(machine: Machine, settings: Any) -> None:
    settings.PORTAL_API_LIMITS = {"read": 2}
    first, second, third = (machine.get(BATCHES) for _ in range(3))
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert second["RateLimit-Remaining"] == "0"
    assert second["RateLimit-Reset"] == "40"
    assert (third.status_code, third.json()["code"]) == (429, "too_many_requests")
    assert third["Retry-After"] == "40"
    assert third["RateLimit-Remaining"] == "0"
    sister = make_machine(machine.agency, "payroll:write")
    assert sister.get(BATCHES).status_code == 200
    assert machine.post(f"{BATCHES}?x=1", {}).status_code == 400


def test_a_new_minute_begins_anew(
    machine: Machine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PORTAL_API_LIMITS = {"read": 1}
    machine.get(BATCHES)
    assert machine.get(BATCHES).status_code == 429
    later = limits.time.time() + 60
    monkeypatch.setattr(limits.time, "time", lambda: later)
    assert machine.get(BATCHES).status_code == 200


def test_writes_are_counted_apart(machine: Machine, settings: Any) -> None:
    settings.PORTAL_API_LIMITS = {"write": 1}
    assert machine.send_file(BATCHES).status_code == 202
    assert machine.send_file(BATCHES).status_code == 429
    assert machine.get(BATCHES).status_code == 200


def test_uploads_are_counted_by_agency(machine: Machine, stranger: Machine, settings: Any) -> None:
    settings.PORTAL_API_LIMITS = {"upload": 1}
    sister = make_machine(machine.agency, "payroll:write")
    assert machine.send_file(BATCHES).status_code == 202
    assert sister.send_file(BATCHES).status_code == 429
    assert stranger.send_file(BATCHES).status_code == 202


def test_tokens_are_counted_by_client_and_by_address(
    machine: Machine, stranger: Machine, settings: Any
) -> None:
    settings.PORTAL_API_LIMITS = {"token": 1}
    assert ask_token(machine).status_code == 200
    assert ask_token(machine).status_code == 429
    assert ask_token(stranger).status_code == 200
    settings.PORTAL_API_LIMITS = {"token_address": 1}
    assert post_form({"grant_type": "x"}).status_code == 400
    answer = post_form({"grant_type": "x"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "40"


def test_strangers_are_refused_and_not_counted(db: None, settings: Any) -> None:
    settings.PORTAL_API_LIMITS = {"read": 0}
    assert Client().get(BATCHES).status_code == 401


def test_many_clients_are_no_flood(machine: Machine, stranger: Machine, settings: Any) -> None:
    from portal.settings import base

    settings.PORTAL_API_LIMITS = base.PORTAL_API_LIMITS
    budgets = [[Budget("write", key), Budget("upload", key)] for key in range(300)]
    standings = [spend(one) for one in budgets for _ in range(5)]
    assert all(standing is not None and standing.remaining > 0 for standing in standings)


def test_without_valkey_requests_go_on(
    machine: Machine,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.PORTAL_API_LIMITS = {"read": 1}
    away = Counters(NOBODY)
    monkeypatch.setattr(limits, "_counters", lambda: away)
    monkeypatch.setattr(limits, "RESTS_SECONDS", 0)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            answer = machine.get(BATCHES)
            assert answer.status_code == 200
            assert "RateLimit-Limit" not in answer
    said = [record for record in caplog.records if "not counted" in record.message]
    assert len(said) == 1


def test_valkey_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Counters(NOBODY)
    assert away.add(["a"]) is None
    asked: list[object] = []
    monkeypatch.setattr(away._valkey, "pipeline", asked.append)
    assert away.add(["a"]) is None
    assert not asked
