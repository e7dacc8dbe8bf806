"""allauth's forms with our labels and one spelling of addresses. They live apart from forms.py, which allauth itself imports."""

from typing import Any

from allauth.account import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allmende.people import rules


def relabel(form: Any, **labels: str | Promise) -> None:
    """Give fields our words and take allauth's placeholders away: a label says what belongs into a field."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]


class SignIn(forms.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, login=_("E-mail address"), password=_("Password"))
        self.fields["password"].help_text = ""  # the page itself shows the way to a new one
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean_login(self) -> str:
        """The address as we keep it."""
        return rules.clean_email(super().clean_login())


class Register(forms.SignupForm):  # type: ignore[misc]
    """A new account: address, name if one likes, password if one likes, consent."""

    field_order = ("email", "name", "password1", "agreed")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"), password1=_("Password (optional)"))
        if "password1" in self.fields:
            self.fields["password1"].help_text = _("At least 10 characters. Without a password you sign in with a code by mail.")


class ForgotPassword(forms.ResetPasswordForm):  # type: ignore[misc]
    """Where a code for a new password goes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"))

    def clean_email(self) -> str:
        """The address as we keep it."""
        self.cleaned_data["email"] = rules.clean_email(self.cleaned_data["email"])
        return str(super().clean_email())


class AskForCode(forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Where a code for signing in goes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"))

    def clean_email(self) -> str:
        """The address as we keep it."""
        self.cleaned_data["email"] = rules.clean_email(self.cleaned_data["email"])
        return str(super().clean_email())
