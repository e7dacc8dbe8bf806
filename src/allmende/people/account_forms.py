"""allauth's forms with our labels and one spelling of addresses. They live apart from forms.py, which allauth itself imports."""

from typing import Any

from allauth.account import forms
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.forms import CheckboxInput, HiddenInput
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allmende.people import rules


def relabel(form: Any, **labels: str | Promise) -> None:
    """Give fields our words and take allauth's placeholders away: a label says what belongs into a field."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if not isinstance(field.widget, CheckboxInput | HiddenInput):
            field.widget.attrs["class"] = "input"
        if name in labels:
            field.label = labels[name]


def address(typed: str) -> str:
    """The address as we keep it, or the form's error: one spelling, and no longer than an address may be (RFC 5321, 4.5.3.1)."""
    kept = rules.clean_email(typed)
    try:
        EmailValidator()(kept)
    except ValidationError:
        kept = ""
    if not kept or len(kept) > rules.EMAIL_LIMIT:
        raise ValidationError(_("Please enter an e-mail address such as name@example.org."))
    return kept


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


class _Address:
    """A form in which an address is typed: it is read as we keep it, in lower case and one spelling, before anything else looks at it."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        """The address as we keep it."""
        self.cleaned_data["email"] = address(self.cleaned_data["email"])
        return str(super().clean_email())  # type: ignore[misc]  # the form beside it has this method


class Register(_Address, forms.SignupForm):  # type: ignore[misc]
    """A new account: address, name if one likes, password if one likes, consent."""

    field_order = ("email", "name", "password1", "agreed")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"), password1=_("Password"))
        if "password1" in self.fields:
            self.fields["password1"].help_text = _("At least 10 characters. Without a password you sign in with a code by mail.")

    def try_save(self, request: HttpRequest) -> Any:
        """A known address gets the same answer as a new one, and it takes as long: the password is hashed for nobody."""
        if self.account_already_exists and self.cleaned_data.get("password1"):
            make_password(self.cleaned_data["password1"])
        with transaction.atomic():
            return super().try_save(request)


class ForgotPassword(_Address, forms.ResetPasswordForm):  # type: ignore[misc]
    """Where a code for a new password goes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"))


class AskForCode(_Address, forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Where a code for signing in goes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("E-mail address"))


class _NewPassword:
    """Our words around two new passwords."""

    fields: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, oldpassword=_("Present password"), password1=_("New password"), password2=_("New password once more"))
        self.fields["password1"].help_text = _("At least 10 characters; no word that stands in lists of passwords.")
        if "oldpassword" in self.fields:
            self.fields["oldpassword"].help_text = ""


class ChangePassword(_NewPassword, forms.ChangePasswordForm):  # type: ignore[misc]
    """A new password for somebody who knows the present one."""


class SetPassword(_NewPassword, forms.SetPasswordForm):  # type: ignore[misc]
    """The first password of an account that had none."""


class ResetPassword(_NewPassword, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for somebody who showed a code."""


class Reauthenticate(forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that cannot be undone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, password=_("Password"))
        self.fields["password"].help_text = ""


class ChangeAddress(_Address, forms.AddEmailForm):  # type: ignore[misc]
    """A new address; it counts once its code is entered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, email=_("New e-mail address"))


class _Code:
    """A code from a mail or an app."""

    fields: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, code=_("Code"))
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "spellcheck": "false", "maxlength": "40"}


class LoginCode(_Code, forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    """For signing in."""


class AddressCode(_Code, forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """For confirming an address."""


class PasswordCode(_Code, forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """For choosing a new password."""


class AppCode(_Code, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class AppCodeAgain(_Code, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second step once more."""


class StartApp(_Code, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""


UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a made-up answer of a passkey ends in; allauth takes for granted that browsers write them."""


class _Passkey:
    """The answer of a passkey, or a sentence when it cannot be read."""

    def clean_credential(self) -> Any:
        """Whose passkey this is."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE as fault:
            raise ValidationError(_("The answer of the passkey could not be read. Please try again.")) from fault


class PasskeySignIn(_Passkey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a passkey alone."""


class PasskeyStep(_Passkey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAgain(_Passkey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey once more."""


class AddPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, name=_("Name of the passkey"), passwordless=_("Sign in with it alone, without a password"))
        self.fields["name"].help_text = _("So that you can tell several apart: laptop, telephone, key on the key ring.")
        self.fields["name"].widget.attrs["maxlength"] = "100"
        self.fields["passwordless"].help_text = _("Your device then asks for a fingerprint, your face or a PIN.")

    def clean_name(self) -> str:
        """One line without invisible letters."""
        return rules.clean_name(str(super().clean_name()))

    def clean(self) -> Any:
        """The new passkey, or a sentence when it cannot be read."""
        try:
            return super().clean()
        except UNREADABLE as fault:
            raise ValidationError(_("The answer of the passkey could not be read. Please try again.")) from fault


class NamePasskey(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        relabel(self, name=_("Name of the passkey"))
        self.fields["name"].widget.attrs["maxlength"] = "100"

    def clean_name(self) -> str:
        """One line without invisible letters."""
        return rules.clean_name(self.cleaned_data["name"])
