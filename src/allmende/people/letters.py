"""The mails about accounts: codes, what changed, goodbye. Plain text in the person's language.

allauth names its mails by template; its templates are not used.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ground import outbox
from allmende.ground.models import Letter
from allmende.people import rules
from allmende.people.models import Person

_CODE = gettext_lazy(
    "%(code)s\n\nThe code is valid for 15 minutes and only once. Enter it on the page that you have open.\n\n"
    "If you did not ask for it, you need not do anything. Tell it to nobody: we never ask for it."
)
_CONFIRM = gettext_lazy("Somebody, hopefully you, gave us this address. Please confirm it with this code:")

# What a code is for: subject and first sentence. The code itself follows.
CODES: dict[str, tuple[Promise, Promise]] = {
    "login_code": (gettext_lazy("Code for signing in"), gettext_lazy("Your code for signing in:")),
    "password_reset_code": (gettext_lazy("Code for a new password"), gettext_lazy("Your code for choosing a new password:")),
    "email_confirmation": (gettext_lazy("Code for your address"), _CONFIRM),
    "email_confirmation_signup": (gettext_lazy("Code for your address"), _CONFIRM),
}

# What was asked for an address that has an account already, or has none.
ANSWERS: dict[str, tuple[Promise, Promise]] = {
    "account_already_exists": (
        gettext_lazy("You have an account already"),
        gettext_lazy(
            "Somebody, hopefully you, wanted to register with this address. It has an account already.\n\n"
            "Sign in here: %(login)s\n\nA new password, if you forgot yours: %(reset)s\n\n"
            "If it was not you, you need not do anything: nobody was told that this account exists."
        ),
    ),
    "unknown_account": (
        gettext_lazy("There is no account with this address"),
        gettext_lazy(
            "Somebody, hopefully you, wanted to sign in with this address. It has no account here.\n\n"
            "Perhaps you registered with another address. Or register now: %(signup)s\n\n"
            "If it was not you, you need not do anything. We keep nothing about you."
        ),
    ),
}

# What changed on an account. Date and device follow, and what to do if it was somebody else.
CHANGES: dict[str, tuple[Promise, Promise]] = {
    "email_changed": (gettext_lazy("Your address was changed"), gettext_lazy("Mail now goes to %(to_email)s instead of %(from_email)s.")),
    "email_confirm": (gettext_lazy("Your address is confirmed"), gettext_lazy("Your address is confirmed.")),
    "email_deleted": (gettext_lazy("An address was removed"), gettext_lazy("The address %(deleted_email)s was removed from your account.")),
    "password_changed": (gettext_lazy("Your password was changed"), gettext_lazy("The password of your account was changed.")),
    "password_reset": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("A new password was chosen for your account with a code by mail."),
    ),
    "password_set": (gettext_lazy("Your password was set"), gettext_lazy("Your account has a password now.")),
    "totp_activated": (gettext_lazy("Second step switched on"), gettext_lazy("Signing in now also asks for a code from your app.")),
    "totp_deactivated": (gettext_lazy("Second step switched off"), gettext_lazy("Signing in no longer asks for a code from your app.")),
    "webauthn_added": (gettext_lazy("Passkey added"), gettext_lazy("A passkey was added to your account.")),
    "webauthn_removed": (gettext_lazy("Passkey removed"), gettext_lazy("A passkey was removed from your account.")),
    "recovery_codes_generated": (
        gettext_lazy("New recovery codes"),
        gettext_lazy("New recovery codes were made for your account. The old ones are void."),
    ),
    "account_connected": (
        gettext_lazy("Other account connected"),
        gettext_lazy("Your account can now be entered through %(provider)s as well."),
    ),
    "account_disconnected": (
        gettext_lazy("Other account disconnected"),
        gettext_lazy("Your account can no longer be entered through %(provider)s."),
    ),
}


def about_account(template: str, email: str, person: Person | None, context: dict[str, Any]) -> Letter:
    """Write the mail that allauth calls `account/email/login_code` and the like."""
    name = template.rsplit("/", 1)[-1]
    language = person.language if person else translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        subject, text = _worded(name, context)
    return outbox.post(to=email, subject=subject, text=text, language=language, kind=f"account.{name}", person=person)


def _worded(name: str, context: dict[str, Any]) -> tuple[str, str]:
    if name in CODES:
        subject, first = CODES[name]
        return _subject(subject), f"{first}\n\n" + str(_CODE) % {"code": context["code"]}
    if name in ANSWERS:
        subject, text = ANSWERS[name]
        links = {"login": "account_login", "reset": "account_reset_password", "signup": "account_signup"}
        return _subject(subject), str(text) % {key: outbox.link(reverse(address)) for key, address in links.items()}
    subject, text = CHANGES[name]
    return _subject(subject), str(text) % _plain(context) + "\n\n" + _when_and_where(context)


def _subject(subject: object) -> str:
    return f"{settings.SITE_NAME}: {subject}"


def _plain(context: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in context.items()}


def _when_and_where(context: dict[str, Any]) -> str:
    moment = timezone.localtime(context.get("timestamp"))
    device = rules.device(str(context.get("user_agent", "")))
    lines = [_("When: %(moment)s") % {"moment": date_format(moment, "DATETIME_FORMAT")}]
    lines += [_("With: %(device)s") % {"device": device}] if device else []
    warning = _(
        "If that was not you: choose a new password at once and end all other sessions: %(sessions)s\n"
        "If you can no longer get in, write to whoever runs this house; the imprint says who that is: %(house)s"
    ) % {"sessions": outbox.link(reverse("usersessions_list")), "house": outbox.link("/")}
    return "\n".join(lines) + "\n\n" + warning


def goodbye(email: str, language: str) -> Letter:
    """The last mail: the account is gone. It names nobody but the address it goes to."""
    with translation.override(language):
        subject = _subject(_("Your account is deleted"))
        text = _(
            "Your account and what we knew about you are deleted. This is the last mail from us.\n\n"
            "If you did not do this, write to whoever runs this house: %(house)s"
        ) % {"house": outbox.link("/")}
    return outbox.post(to=email, subject=subject, text=text, language=language, kind="account.erased")


def sign_off(person: int, area: str) -> str:
    """The word in a mail's link that switches mails of this area off. It does not expire: old mails lie about for years."""
    return signing.dumps([person, area], salt="people.no-mail")


def signed_off(token: str) -> tuple[int, str] | None:
    """Whose mails of which area a link switches off; nothing when the link is not ours."""
    try:
        person, area = signing.loads(token, salt="people.no-mail")
    except (signing.BadSignature, ValueError):
        return None
    return int(person), str(area)
