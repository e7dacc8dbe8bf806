"""Where allauth meets the house: whose sign-in is refused, how its mails and sentences are worded, what it remembers of a client."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.people import letters, queries, rules
from allmende.people.models import Person
from allmende.web.limits import client_address

SAID = {
    "account_inactive": gettext_lazy("This account is closed."),
    "duplicate_email": gettext_lazy("This is your address already."),
    "email_password_mismatch": gettext_lazy("Address and password do not fit together."),
    "email_taken": gettext_lazy("This address cannot be used."),
    "enter_current_password": gettext_lazy("This is not your present password."),
    "incorrect_code": gettext_lazy("This code is not right. Please compare it with the mail or the app."),
    "incorrect_password": gettext_lazy("This is not your password."),
    "invalid_login": gettext_lazy("This sign-in is not possible."),
    "same_as_current": gettext_lazy("This is the present one already. Please enter another."),
    "too_many_login_attempts": gettext_lazy("That was tried too often. Please wait five minutes, or ask for a new code."),
    "rate_limited": gettext_lazy("That was a bit fast. Please wait half a minute before you ask for the next code."),
    "unverified_primary_email": gettext_lazy("Please confirm your address first."),
}
NOTES = {
    "account/messages/email_confirmed.txt": gettext_lazy("Your address is confirmed."),
    "account/messages/email_confirmation_failed.txt": gettext_lazy("This address cannot be confirmed: another account has it."),
    "account/messages/email_deleted.txt": gettext_lazy("The address is removed."),
    "account/messages/cannot_delete_primary_email.txt": gettext_lazy("Your only address cannot be removed. Change it instead."),
    "account/messages/unverified_primary_email.txt": gettext_lazy("Please confirm your address first."),
    "account/messages/primary_email_set.txt": gettext_lazy("Mail goes to the new address from now on."),
    "account/messages/logged_out.txt": gettext_lazy("You are signed out."),
    "account/messages/password_changed.txt": gettext_lazy("Your password is changed."),
    "account/messages/password_set.txt": gettext_lazy("Your password is set."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("You have new recovery codes. Earlier ones are void."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The second step with an app is on."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The second step with an app is off."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": gettext_lazy("All other sessions are ended."),
    "socialaccount/messages/account_connected.txt": gettext_lazy("The other account is connected."),
    "socialaccount/messages/account_connected_other.txt": gettext_lazy("That account belongs to somebody else here."),
    "socialaccount/messages/account_connected_updated.txt": gettext_lazy("The other account is connected."),
    "socialaccount/messages/account_disconnected.txt": gettext_lazy("The other account is no longer connected."),
}


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, which also refuses the house's hands (`is_service`), in every request and whatever else is set."""

    def user_can_authenticate(self, user: Person) -> bool:
        """Only people who may sign in."""
        return super().user_can_authenticate(user) and not user.is_service


class Account(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of this house."""

    error_messages = DefaultAccountAdapter.error_messages | SAID

    def pre_login(self, request: HttpRequest, user: Person, **options: Any) -> HttpResponse | None:
        """The last word before somebody is signed in, whichever way they came."""
        if user.is_service:
            user.is_active = False  # not saved: just for allauth's own question
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer

    def clean_email(self, email: str) -> str:
        """One spelling for each address."""
        return rules.clean_email(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        """For rate limits in memory; what is stored is made empty (see reactions)."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - says "nobody", opens nothing

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """What happened, in our words. Where we have none the page itself says it."""
        sentence = message or NOTES.get(message_template or "", "")
        if sentence:
            messages.add_message(request, level, str(sentence), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post allauth's mail through the outbox, in the person's language, else in the language of the page."""
        person = context.get("user")
        letters.about_account(template_prefix, email, person if isinstance(person, Person) else queries.by_email(email), context)


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """Apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Please wait for the next one in the app."),
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes need an app or a passkey first."),
        "unverified_email": gettext_lazy("Please confirm your address first."),
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: Person, type: str) -> str:
        """A first name for a new passkey."""
        return _("Passkey")


class Social(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts that come through another house: its word for the address counts only if it says that it is confirmed."""
