"""What load balancers are told."""

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_it_is_well_whatever_name_it_is_called_by(client: Client) -> None:
    answer = client.get("/health/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_without_its_database_it_says_when_to_ask_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/health/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "15")
