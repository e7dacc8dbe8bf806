"""The base of all forms: texts are cleaned, and what is needed is there afterwards, too."""

from datetime import date

from django import forms
from django.utils import translation

from allmende.web.forms import Day, HouseForm


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


class DayForm(HouseForm):
    """One day."""

    on = Day()


def test_a_known_day_reaches_the_calendar_of_the_browser_in_every_language() -> None:
    """A field that shows 30.06.2027 to a browser is an empty one: the day would be lost with the next saving."""
    for language in ("de", "en"):
        with translation.override(language):
            assert 'value="2027-06-30"' in str(DayForm(initial={"on": date(2027, 6, 30)})["on"])
            assert DayForm({"on": "30.06.2027"}).fields["on"].clean("30.06.2027") == date(2027, 6, 30)


def test_a_typing_error_in_the_year_is_said_before_anything_is_computed_with_it() -> None:
    for day in ("0001-01-01", "9999-12-31", "1799-12-31", "2200-01-01"):
        assert list(DayForm({"on": day}).errors) == ["on"], day
    assert all(DayForm({"on": day}).is_valid() for day in ("1800-01-01", "2199-12-31"))
