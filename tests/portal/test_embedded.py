"""The demo's own services: shared while needed, stopped by the last user, back after a kill -9."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest
import redis

from portal.embedded import own_services, revive, services, stop_services
from portal.embedded.folders import LONGEST_FOLDER_BYTES, socket_folder
from portal.embedded.postgres import Postgres


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for services of its own, apart from those of this test run."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    return tmp_path / "var"


def test_the_roles_can_do_what_they_should_and_no_more(var: Path) -> None:
    with services(var, durable=False) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE TABLE thing (number integer)")
        with psycopg.connect(addresses["DATABASE_URL"], autocommit=True) as app:
            app.execute("INSERT INTO thing VALUES (1)")
            for forbidden in ("TRUNCATE thing", "DROP TABLE thing", "CREATE TABLE mine ()"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(forbidden)
            extensions = app.execute("SELECT extname FROM pg_extension").fetchall()
            roles = app.execute(
                "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname ~ '^portal_'"
            ).fetchall()
    assert {("btree_gist",), ("citext",)} <= set(extensions)
    assert set(roles) == {("portal_app", False, False), ("portal_owner", False, True)}


def test_the_last_user_out_stops_the_services(var: Path) -> None:
    with services(var, durable=False) as first:
        with services(var, durable=False) as second:
            assert second == first
        assert _answers(first)
        assert not stop_services(var)
    assert not _answers(first)


def test_after_a_kill_minus_nine_the_next_user_finds_what_was_committed(var: Path) -> None:
    with services(var) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as owner:
            owner.execute("CREATE TABLE thing AS SELECT 42 AS number")
        valkey = redis.Redis.from_url(addresses["REDIS_URL"])
        valkey.set("bell", "rung")
        # What is promised for Valkey is at most one lost second.
        time.sleep(1.1)
        os.kill(int((var / "postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        os.kill(valkey.info("server")["process_id"], signal.SIGKILL)
        with services(var) as again:
            with psycopg.connect(again["DATABASE_URL"]) as app:
                assert app.execute("SELECT number FROM thing").fetchone() == (42,)
            assert redis.Redis.from_url(again["REDIS_URL"]).get("bell") == b"rung"


def test_a_service_that_dies_under_its_user_is_started_again(var: Path) -> None:
    own = own_services(var)
    with services(var, durable=False) as addresses:
        assert revive(var, own) == []
        server = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)
        wait_until = time.monotonic() + 10
        while _answers(addresses) and time.monotonic() < wait_until:
            time.sleep(0.05)
        assert revive(var, own) == ["Postgres"]
        assert _answers(addresses)


def test_a_lock_that_names_a_strange_process_is_not_believed(var: Path) -> None:
    with services(var, durable=False):
        pass
    (var / "postgres/postmaster.pid").write_text(f"{os.getpid()}\n{var / 'postgres'}\n")
    with services(var, durable=False) as addresses:
        assert _answers(addresses)


def test_services_named_in_the_environment_are_left_alone(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with services(var) as addresses:
        assert addresses == {}
    assert not (var / "postgres").exists()


def test_a_long_path_moves_the_sockets_to_a_private_temporary_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30)
    folder = socket_folder(deep)
    assert len(os.fsencode(folder)) <= LONGEST_FOLDER_BYTES
    assert folder.stat().st_mode & 0o777 == 0o700
    assert socket_folder(deep) == folder
    folder.chmod(0o755)
    another = socket_folder(deep)
    assert another != folder
    folder.rmdir()
    another.rmdir()


def test_a_cluster_of_another_version_is_refused_in_words(var: Path) -> None:
    postgres = Postgres(var, socket_folder(var), durable=False)
    postgres.data.mkdir()
    (postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Exception, match="was made by PostgreSQL 9"):
        postgres.start()


def _answers(addresses: dict[str, str]) -> bool:
    try:
        psycopg.connect(addresses["DATABASE_URL"]).close()
    except psycopg.OperationalError:
        return False
    return True
