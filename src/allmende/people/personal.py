"""What the house knows of a person: every room says so in its own `personal.py`, for export and for erasure.

    @knows("stewards", label=_("Entries you look after"))
    def data(person: Person) -> list[dict[str, Any]]: ...       # plain rows: text, numbers, dates; one dict per row

    @blocks("stewards")
    def refusals(person: Person) -> list[str]: ...              # sentences: what must be done before; asked before anything is written

    @keeps("stewards")
    def kept(person: Person) -> list[Kept]: ...                 # what stays after erasure, and why; shown before confirming

    @forgets("stewards", order=50)
    def forget(person: Person) -> list[Kept] | None: ...        # removes or anonymises; may still raise Refused, then nothing is lost

    announces("stewards", label=_("Entries you look after"))    # notices of this area can be chosen under "Einstellungen"

All forgetting happens in one transaction; the person's row goes last, with everything that hangs on it by CASCADE.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.ground.models import Entry, Letter
from allmende.people.models import Consent, MailChoice, Notice, Person
from allmende.people.rules import ALWAYS_BY_MAIL

Label = str | Promise
Rows = Sequence[Mapping[str, Any]]
Knowing = Callable[[Person], Rows]


@dataclass(frozen=True)
class Kept:
    """Something that stays after an account is erased: what, why, and until when (nothing: for good)."""

    what: str
    why: str
    until: date | None = None


@dataclass(frozen=True)
class Area:
    """One area of the export: its file name, what people call it, and where its rows come from."""

    name: str
    label: Label
    rows: Knowing


Asked = Callable[[Person], list[str]]
Keeping = Callable[[Person], list[Kept]]
Forgetting = Callable[[Person], list[Kept] | None]

AREAS: dict[str, Area] = {}
BLOCKS: dict[str, Asked] = {}
KEEPS: dict[str, Keeping] = {}
FORGETS: dict[str, tuple[int, Forgetting]] = {}
ANNOUNCED: dict[str, Label] = {}


def _enter(table: dict[str, Any], name: str, what: Any) -> None:
    if name in table and table[name] != what:
        raise ValueError(f"Two rooms register {name!r}; give one of them another name.")
    table[name] = what


def knows(name: str, *, label: Label) -> Callable[[Knowing], Knowing]:
    """Register an area of the export. `name` becomes the name of its files: small letters, digits, `-`."""

    def register(rows: Knowing) -> Knowing:
        _enter(AREAS, name, Area(name, label, rows))
        return rows

    return register


def blocks(name: str) -> Callable[[Asked], Asked]:
    """Register what must be done before this person can be erased, as sentences; an empty list lets them go."""

    def register(asked: Asked) -> Asked:
        _enter(BLOCKS, name, asked)
        return asked

    return register


def keeps(name: str) -> Callable[[Keeping], Keeping]:
    """Register what stays after this person is erased, so that it can be said before."""

    def register(keeping: Keeping) -> Keeping:
        _enter(KEEPS, name, keeping)
        return keeping

    return register


def forgets(name: str, *, order: int = 50) -> Callable[[Forgetting], Forgetting]:
    """Register how an area forgets a person; the smaller `order`, the earlier."""

    def register(forgetting: Forgetting) -> Forgetting:
        _enter(FORGETS, name, (order, forgetting))
        return forgetting

    return register


def announces(area: str, *, label: Label) -> None:
    """Say what people call the notices of an area, so that they can choose whether these also come as mail."""
    ANNOUNCED[area] = label


def blockers(person: Person) -> list[str]:
    """Every sentence that stands in the way of erasing this person."""
    return [sentence for _name, asked in sorted(BLOCKS.items()) for sentence in asked(person)]


def kept(person: Person) -> list[Kept]:
    """Everything that will stay after erasing this person."""
    return [one for _name, keeping in sorted(KEEPS.items()) for one in keeping(person)]


def forgetting() -> list[Forgetting]:
    """All ways of forgetting in their order."""
    return [way for _order, _name, way in sorted((order, name, way) for name, (order, way) in FORGETS.items())]


# ------------------------------------------------------------------ what this room, the ground floor and the sign-in know themselves


@knows("account", label=gettext_lazy("Your account"))
def account(person: Person) -> Rows:
    """Name, address, language, since when."""
    return [
        {
            "email": person.email, "name": person.name, "language": person.language, "joined_at": person.joined_at,
            "last_sign_in_at": person.last_login, "is_caretaker": person.is_caretaker,
        }
    ]  # fmt: skip


@knows("addresses", label=gettext_lazy("Your e-mail addresses"))
def addresses(person: Person) -> Rows:
    """All addresses of the account."""
    return list(EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary"))


@knows("sign-in", label=gettext_lazy("How you sign in"))
def keys(person: Person) -> Rows:
    """Apps, passkeys and accounts elsewhere; never the secrets themselves."""
    own = [
        {"kind": one.type, "name": str(one), "created_at": one.created_at, "last_used_at": one.last_used_at}
        for one in Authenticator.objects.filter(user=person).order_by("pk")
    ]
    password = [{"kind": "password", "name": "", "created_at": None, "last_used_at": None}] if person.has_usable_password() else []
    elsewhere = [
        {"kind": "elsewhere", "name": f"{one.provider} {one.uid}", "created_at": one.date_joined, "last_used_at": one.last_login}
        for one in SocialAccount.objects.filter(user=person).order_by("pk")
    ]
    return [*password, *own, *elsewhere]


@knows("sessions", label=gettext_lazy("Your open sessions"))
def sessions(person: Person) -> Rows:
    """Where one is signed in at the moment."""
    return list(UserSession.objects.filter(user=person).order_by("pk").values("user_agent", "created_at", "last_seen_at"))


@knows("told", label=gettext_lazy("Your notices"))
def notices(person: Person) -> Rows:
    """What one was told."""
    return list(Notice.objects.filter(person=person).order_by("pk").values("kind", "subject", "text", "path", "created_at", "read_at"))


@knows("mail-choices", label=gettext_lazy("Which notices come as mail"))
def mail_choices(person: Person) -> Rows:
    """Chosen areas; no row means yes."""
    return list(MailChoice.objects.filter(person=person).order_by("area").values("area", "by_mail"))


@knows("consents", label=gettext_lazy("Your consents"))
def consents(person: Person) -> Rows:
    """What one agreed to, when, and until when."""
    return list(Consent.objects.filter(person=person).order_by("pk").values("purpose", "version", "given_at", "withdrawn_at"))


@knows("letters", label=gettext_lazy("Mails that we sent you"))
def letters(person: Person) -> Rows:
    """Mails that are not yet forgotten. Codes for signing in are left out: they open the account."""
    columns = ("to", "subject", "body", "kind", "state", "created_at", "sent_at", "bounced_at", "error")
    rows = _letters_of(person).order_by("pk").values(*columns)
    return [row | {"body": ""} if row["kind"].startswith(ALWAYS_BY_MAIL) else row for row in rows]


@knows("trail", label=gettext_lazy("What you did here"))
def trail_lines(person: Person) -> Rows:
    """The lines of the trail that one wrote: when, what, about which thing."""
    return list(Entry.objects.filter(by=person).order_by("pk").values("at", "verb", "kind", "about", "facts"))


def own_addresses(person: Person) -> list[str]:
    """The addresses that are this person's beyond doubt: the confirmed ones, or the one of an account that was made by hand.

    Anybody can sign up with somebody else's address; until it is confirmed, letters and invitations there are not theirs.
    """
    rows = list(EmailAddress.objects.filter(user=person).values_list("email", "verified"))
    return [email.lower() for email, verified in rows if verified] if rows else [person.email.lower()]


def _letters_of(person: Person) -> Any:
    return Letter.objects.filter(Q(person=person) | Q(to__in=own_addresses(person)))


@blocks("people")
def last_caretaker(person: Person) -> list[str]:
    """A house needs somebody who may open every door."""
    others = Person.objects.filter(is_caretaker=True, is_active=True, is_superuser=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        return [_("You are the only caretaker of this house. Make somebody else a caretaker first, under /verwaltung/.")]
    return []


@keeps("people")
def what_stays(person: Person) -> list[Kept]:
    """The trail without the name, and copies that nobody can pick one person out of."""
    return [
        Kept(
            _("What happened to entries, without your name"),
            _("Everybody who looks after an entry must be able to follow how it came about. Lines that you wrote then say: somebody."),
        ),
        Kept(
            _("Backups of the whole house"),
            _("They help after a fault and hold everything at the moment they were made. They are overwritten by newer ones."),
        ),
        Kept(_("A last mail to your address"), _("It tells you that the account is deleted. Its text is forgotten after one day.")),
    ]


@forgets("people", order=90)
def forget(person: Person) -> list[Kept] | None:
    """Mails, notices, consents, addresses, passkeys, accounts elsewhere; the person's own row goes last, with what hangs on it."""
    _letters_of(person).delete()
    for model in (Notice, MailChoice, Consent):
        model._default_manager.filter(person=person).delete()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model._default_manager.filter(user=person).delete()
    return what_stays(person)
