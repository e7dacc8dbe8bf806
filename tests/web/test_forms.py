"""The base of all forms: texts are cleaned, and what is needed is there afterwards, too."""

from django import forms

from allmende.web.forms import HouseForm


class Form(HouseForm):
    """One text that is needed, one that is not."""

    title = forms.CharField()
    note = forms.CharField(required=False)


def test_texts_are_cleaned() -> None:
    form = Form({"title": " Ein\x07  Rad ", "note": "\x1b"})
    assert form.is_valid() and form.cleaned_data == {"title": "Ein Rad", "note": ""}


def test_what_is_needed_and_holds_only_what_nobody_sees_is_missing() -> None:
    form = Form({"title": "\x01\x02", "note": "x"})
    assert not form.is_valid()
    assert list(form.errors) == ["title"] and form.cleaned_data == {"note": "x"}
