"""A form says what each field is for, and what is wrong, in a way a screen reader follows."""

from django import forms


class Example(forms.Form):
    officer = forms.CharField(label="Officer id", help_text="With leading zeros.")
    note = forms.CharField(widget=forms.Textarea(attrs={"class": "tall"}), required=False)
    model = forms.ChoiceField(widget=forms.RadioSelect, choices=[("TFM", "Task Force Model")])
    sure = forms.BooleanField(label="I have read it")
    file = forms.FileField(widget=forms.FileInput(attrs={"data-max-bytes": "25"}))
    hidden = forms.CharField(widget=forms.HiddenInput, initial="7")
    email = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": "Email address"}))


def test_each_widget_has_its_class() -> None:
    html = str(Example())
    assert 'class="usa-input"' in html
    assert 'class="tall usa-textarea"' in html
    assert 'class="usa-radio__input"' in html
    assert 'class="usa-checkbox__input"' in html
    assert 'class="file-upload__input"' in html
    assert '<input type="hidden" name="hidden" value="7" id="id_hidden">' in html


def test_hint_and_label_belong_to_the_field() -> None:
    html = str(Example())
    assert '<label class="usa-label" for="id_officer">Officer id' in html
    assert 'aria-describedby="id_officer_helptext"' in html
    assert '<div class="usa-hint" id="id_officer_helptext">With leading zeros.</div>' in html


def test_only_the_optional_is_marked() -> None:
    assert str(Example()).count("(optional)") == 1


def test_choices_stand_in_a_named_group() -> None:
    html = str(Example())
    assert '<legend class="usa-legend">Model</legend>' in html
    assert 'for="id_model_0">Task Force Model</label>' in html


def test_a_placeholder_is_not_a_label() -> None:
    assert "placeholder" not in str(Example())


def test_errors_are_summed_up_first_and_linked() -> None:
    html = str(Example({"hidden": "7"}))
    assert "There are 5 problems" in html
    assert '<a href="#id_officer">Officer id: This field is required.</a>' in html
    assert html.index("error-summary") < html.index("usa-label")


def test_a_wrong_field_says_so_where_it_stands() -> None:
    html = str(Example({"hidden": "7"}))
    assert 'aria-describedby="id_officer_helptext id_officer_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="usa-input usa-input--error"' in html
    assert '<div class="usa-error-message" id="id_officer_error">This field is required.' in html


def test_what_was_typed_is_escaped() -> None:
    html = str(Example({"officer": "<script>"}))
    assert "<script>" not in html
