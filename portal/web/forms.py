"""Django forms in USWDS dress: every form rendered by `{{ form }}` gets label, hint and error."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    HiddenInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)

from portal.kernel.tabular.sensitive import personal_number_code, without_personal_numbers

#: The class of a widget, by the first kind that fits.
_CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (HiddenInput, ""),
    (CheckboxSelectMultiple, "usa-checkbox__input"),
    (RadioSelect, "usa-radio__input"),
    (CheckboxInput, "usa-checkbox__input"),
    (Select, "usa-select"),
    (Textarea, "usa-textarea"),
    (FileInput, "file-upload__input"),
)


class UswdsBoundField(BoundField):
    """A form's field that knows how USWDS draws it."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """Django's attributes and the USWDS class; a wrong text field gets the error class too.

        Placeholders are dropped: they vanish as one types, and the label and hint say it already.
        """
        widget = widget or self.field.widget
        classes = [str(widget.attrs.get("class", "")), widget_class(widget)]
        if self.errors and classes[1] == "usa-input":
            classes.append("usa-input--error")
        named = " ".join(filter(None, classes))
        built = super().build_widget_attrs(attrs, widget)
        return {**built, "class": named or False, "placeholder": False}

    def value(self) -> Any:
        """What the field shows: never a number of a person, not even to whoever typed it."""
        value = super().value()
        if not isinstance(value, str) or not personal_number_code(value):
            return value
        return without_personal_numbers(value) if isinstance(self.field.widget, Textarea) else ""

    @property
    def shape(self) -> str:
        """`options`, `checkbox`, `file` or `plain`: which layout the field takes."""
        match self.field.widget:
            case RadioSelect() | CheckboxSelectMultiple():
                return "options"
            case CheckboxInput():
                return "checkbox"
            case FileInput():
                return "file"
        return "plain"


class UswdsRenderer(TemplatesSetting):
    """Set as `FORM_RENDERER`; its templates are the project's own."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = UswdsBoundField


def widget_class(widget: Widget) -> str:
    """The USWDS class of a widget."""
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "usa-input")
