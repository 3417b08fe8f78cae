"""Addresses as the environment gives them, and what the settings make of them."""

from pathlib import Path

from portal.settings.broker import broker_url
from portal.settings.databases import database
from portal.settings.secret import generated_secret


def test_a_socket_address_is_spelled_as_celery_wants_it() -> None:
    assert broker_url("unix:///run/v.sock?db=3") == "redis+socket:///run/v.sock?virtual_host=3"
    assert broker_url("redis://valkey:6379/0") == "redis://valkey:6379/0"


def test_a_url_with_a_socket_folder_and_one_with_a_password() -> None:
    socket = database("postgresql://portal_app@/portal?host=/run/pg", limits="-c lock_timeout=5")
    assert (socket["NAME"], socket["USER"], socket["HOST"]) == ("portal", "portal_app", "/run/pg")
    assert socket["OPTIONS"]["options"] == "-c lock_timeout=5"
    remote = database("postgresql://me:p%40ss@db:6432/portal?sslmode=require&options=-cjit%3Doff")
    assert (remote["PASSWORD"], remote["PORT"]) == ("p@ss", "6432")
    assert remote["OPTIONS"]["sslmode"] == "require"
    assert remote["OPTIONS"]["options"] == "-cjit=off"


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    secret = generated_secret(path)
    assert len(secret) > 50
    assert generated_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]
