"""Evidence: files by content, rows that stay, a chain of events that shows every change."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from portal.records import audit, storage
from portal.records.models import AuditEvent, Document, EvidenceIsFinal


def keep(content: bytes = b"a,b\n1,2\n", name: str = "payroll.csv") -> Document:
    return storage.keep(
        [content[:3], content[3:]], kind=Document.Kind.PAYROLL, filename=name, media_type="text/csv"
    )


@pytest.mark.django_db
def test_the_portal_works_as_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_file_is_stored_under_its_hash_and_read_back():
    document = keep()
    assert storage.read(document) == b"a,b\n1,2\n"
    assert storage.path_of(document.sha256).name == document.sha256
    assert storage.is_intact(document)


@pytest.mark.django_db
def test_a_changed_or_lost_file_is_noticed():
    document = keep(b"something of its own")
    storage.path_of(document.sha256).write_bytes(b"something else")
    assert not storage.is_intact(document)
    storage.purge(document)
    assert not storage.is_intact(document)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\pay\\q1.csv", "q1.csv"),
        ("pay\u202evsc.exe", "payvsc.exe"),
        ("a\r\nb.csv", "ab.csv"),
        ("<b>.csv", "b.csv"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 150 + ".csv"),
    ],
)
def test_file_names_lose_what_could_harm(sent, kept):
    assert storage.safe_filename(sent) == kept


@pytest.mark.django_db
def test_evidence_is_not_changed_in_python():
    document = keep()
    document.filename = "other.csv"
    with pytest.raises(EvidenceIsFinal):
        document.save()
    with pytest.raises(EvidenceIsFinal):
        document.delete()
    with pytest.raises(EvidenceIsFinal):
        Document.objects.update(filename="other.csv")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_document SET filename = 'x'",
        "DELETE FROM records_document",
        "TRUNCATE records_document CASCADE",
        "UPDATE records_auditevent SET hash = 'x'",
        "DELETE FROM records_auditevent",
        "ALTER TABLE records_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER seal ON records_auditevent",
        "SET session_replication_role = replica",
    ],
)
def test_evidence_is_not_changed_by_the_applications_role(statement):
    keep()
    audit.record("test.event", subject="test/1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_events_are_chained_when_they_are_committed():
    with transaction.atomic():
        audit.record("test.first", subject="test/1", amount=5)
        audit.record("test.second", subject="test/2")
    audit.record("test.third", subject="test/3")
    events = list(AuditEvent.objects.order_by("position"))
    assert [event.position for event in events] == [1, 2, 3]
    assert [event.action for event in events] == ["test.first", "test.second", "test.third"]
    assert events[0].previous_hash == audit.FIRST_HASH
    assert events[2].previous_hash == events[1].hash
    assert list(audit.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_even_the_owner_cannot_change_an_event_unseen(owner_cursor):
    for number in range(4):
        audit.record("test.event", subject=f"test/{number}")
    with pytest.raises(DatabaseError):
        AuditEvent.objects.filter(position=2)._raw_delete("default")
    owner_cursor.execute("ALTER TABLE records_auditevent DISABLE TRIGGER protect_rows")
    owner_cursor.execute(
        "UPDATE records_auditevent SET content = replace(content, 'test/1', 'test/9')"
        " WHERE position = 2"
    )
    owner_cursor.execute("DELETE FROM records_auditevent WHERE position = 3")
    assert list(audit.broken_links()) == [
        "audit event 2 (test.event) does not match its hash",
        "audit event 3 is missing",
        "audit event 4 (test.event) does not match its hash",
    ]


@pytest.mark.django_db
def test_an_events_columns_say_what_its_content_says():
    audit.record("test.event", subject="test/1", thread="story/1")
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.thread) == ("test.event", "test/1", "story/1")
