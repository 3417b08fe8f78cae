"""Refusals stand beside the form; what does not exist stays a page of its own."""

import pytest
from django.forms import CharField, Form

from portal.kernel.errors import NotFound, Refused
from portal.web.refusals import in_words, refused_on


class NameForm(Form):
    name = CharField()


def test_a_refusal_becomes_an_error_of_the_form():
    form = NameForm({"name": "x"})
    assert form.is_valid()
    with refused_on(form):
        raise Refused("taken", "The name is taken.", "Choose another.")
    assert not form.is_valid()
    assert form.non_field_errors() == ["The name is taken. Choose another."]


def test_what_does_not_exist_is_not_told_beside_a_form():
    form = NameForm({"name": "x"})
    assert form.is_valid()
    with pytest.raises(NotFound), refused_on(form):
        raise NotFound("agency")


def test_a_refusal_without_advice_ends_with_its_own_words():
    assert in_words(Refused("no", "It is not possible.")) == "It is not possible."
