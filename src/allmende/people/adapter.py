"""Where allauth meets the house: whose sign-in is refused, how its mails go out, what it remembers of a client."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from allmende.people import rules
from allmende.people.models import Person
from allmende.web.limits import client_address


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, which also refuses the house's hands (`is_service`), in every request and whatever else is set."""

    def user_can_authenticate(self, user: Person) -> bool:
        """Only people who may sign in."""
        return super().user_can_authenticate(user) and not user.is_service


class Account(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of this house."""

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

    def format_email_subject(self, subject: str) -> str:
        """Subjects begin with the name of the house."""
        return f"{settings.SITE_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post allauth's mail through the outbox, in the person's language, else in the language of the page."""
        from allmende.ground import outbox

        person = context.get("user")
        known = isinstance(person, Person)
        language = person.language if known else translation.get_language() or settings.LANGUAGE_CODE
        more = {"site_name": settings.SITE_NAME, "email": email, "request": self.request, "current_site": None}
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, context | more)
        outbox.post(
            to=email,
            subject=mail.subject,
            text=str(mail.body),
            language=language,
            kind="account." + template_prefix.rsplit("/", 1)[-1],
            person=person if known else None,
        )


class Social(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts that come through another house."""
