"""The rehearsal: every row as the member it would become, with everything that is wrong or strange about it, as sentences.

Nothing is written here. What the register already holds is handed in (`Register`), so that thousands of rows need no questions of
their own. An error keeps a row out; a warning says what is done with it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.banking.rules import check_iban
from allmende.constitution.models import Statute
from allmende.ground.money import euros
from allmende.ground.refusals import Refused
from allmende.ground.text import fold
from allmende.intake import values
from allmende.intake.tables import NO_VALUE
from allmende.intake.values import Unread
from allmende.members.actions import Named
from allmende.members.models import EndReason, Group, Kind, Party
from allmende.places.queries import country_code

NEW_GROUP, NO_GROUP = "+", "-"
WIDEST = {
    "family_name": 120, "given_name": 120, "firm": 250, "register": 120, "represented_by": 250, "street": 200, "postcode": 20,
    "town": 120, "phone": 60,
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What was chosen for a list. `groups`: word of the file -> key of a group, `+` (make it) or `-` (none)."""

    opening_on: date
    leave_out: bool = False
    take_doubles: bool = False
    accept_more: bool = False
    ask_rest: bool = False
    due_on: date | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """What is known already: statutes (earliest first), groups by folded word, numbers, people by folded name, entries of the map."""

    statutes: Sequence[Statute]
    groups: Mapping[str, Group]
    numbers: frozenset[int]
    people: Mapping[str, Sequence[tuple[int, str, str, bool]]]  # name -> (number, town, e-mail, is active)
    entries: Mapping[str, int]  # slug -> organisation

    def statute_on(self, day: date) -> Statute:
        """The version of this day; before the first one the first one."""
        return next((one for one in reversed(self.statutes) if one.valid_from <= day), self.statutes[0])


@dataclass
class Checked:
    """One row as it would be entered. `said` are its cells by field."""

    row: int
    said: dict[str, str]
    named: Named = field(default_factory=Named)
    number: int | None = None
    kind: str = Kind.ORDINARY
    joined_on: date | None = None
    declared_on: date | None = None
    ends_on: date | None = None
    end_reason: str = EndReason.NOTICE
    shares: int = 0
    cents: int = 0
    worth: int = 0  # what the shares are worth in cents
    group: str = ""  # the word of the file
    organisation: int | None = None
    born_on: date | None = None
    iban: str = ""
    holder: str = ""
    mandate_on: date | None = None
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As in a list."""
        named = self.named
        return named.firm if named.party == Party.LEGAL else ", ".join(part for part in (named.family_name, named.given_name) if part)

    @property
    def is_over(self) -> bool:
        """Whether the membership has ended."""
        return self.ends_on is not None

    @property
    def rest(self) -> int:
        """What of the shares is not paid in yet, in cents."""
        return 0 if self.is_over else max(self.worth - self.cents, 0)


def check(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[str], options: Options, register: Register, today: date
) -> list[Checked]:
    """All rows in the order of the file."""
    found = [_check_row(number, dict(_said(columns, cells)), options, register, today) for number, cells in rows]
    _check_numbers(found, register)
    _check_doubles(found, options, register)
    return found


def _said(columns: Sequence[str], cells: Sequence[str]) -> list[tuple[str, str]]:
    return [(column, cell.strip()) for column, cell in zip(columns, cells, strict=False) if column]


def _check_row(number: int, said: dict[str, str], options: Options, register: Register, today: date) -> Checked:
    one = Checked(number, said)
    if NO_VALUE in said.values():
        one.errors.append(_("A cell holds a formula without a value. Open the file, let it count, and save it again."))
    _read_name(one)
    _read_address(one)
    _read_days(one, today)
    _read_shares(one, options, register)
    _read_group_and_kind(one, options, register)
    _read_bank(one, today)
    return one


def _read(one: Checked, column: str, reading: Any, default: Any = None) -> Any:
    """The value of a cell; what cannot be read becomes an error of the row that names the column."""
    try:
        return reading(one.said.get(column, ""))
    except Unread as fault:
        one.errors.append(str(fault))
        return default


# ------------------------------------------------------------------------------------------------------------ who


def _read_name(one: Checked) -> None:
    said = one.said
    family, given, firm = said.get("family_name", ""), said.get("given_name", ""), said.get("firm", "")
    if not family and not firm and said.get("name"):
        family, given = values.divided_name(said["name"])
        if given and "," not in said["name"]:
            one.warnings.append(_("The name was divided into “%(given)s” and “%(family)s”.") % {"given": given, "family": family})
    is_legal = bool(firm) and not family
    represented = said.get("represented_by", "")
    if firm and family:
        is_legal, represented = True, represented or f"{given} {family}".strip()
        one.warnings.append(_("With the name of an organisation, the organisation is the member; the person represents it."))
    parts = {"represented_by": represented} if is_legal else {}
    named = {"firm": firm} if is_legal else {"family_name": family, "given_name": given}
    if not any(named.values()):
        one.errors.append(_("There is no name in this row."))
    party = Party.LEGAL if is_legal else Party.NATURAL
    one.named = Named(party=party, **_fitting(one, {**named, **parts, "register": said.get("register", "") if is_legal else ""}))


def _fitting(one: Checked, parts: dict[str, str]) -> dict[str, str]:
    for name, text in parts.items():
        if len(text) > WIDEST.get(name, 250):
            one.errors.append(_("“%(text)s…” is too long.") % {"text": text[:40]})
    return {name: text[: WIDEST.get(name, 250)] for name, text in parts.items()}


def _read_address(one: Checked) -> None:
    said = one.said
    postcode, town = said.get("postcode", ""), said.get("town", "")
    if said.get("postcode_town") and not (postcode and town):
        postcode, town = values.divided_town(said["postcode_town"])
    country = country_code(said.get("country")) if said.get("country") else "DE"
    if not country:
        one.warnings.append(_("“%(text)s” is no country; Germany is entered.") % {"text": said["country"][:40]})
        country = "DE"
    if country == "DE" and postcode.isdigit() and len(postcode) == 4:
        postcode = postcode.zfill(5)
        one.warnings.append(_("The postcode lacked its zero; %(postcode)s is entered.") % {"postcode": postcode})
    email = said.get("email", "").removeprefix("mailto:")
    if email and not values.is_email(email):
        one.warnings.append(_("“%(text)s” is no e-mail address; it stays empty.") % {"text": email[:60]})
        email = ""
    street = " ".join(part for part in (said.get("street", ""), said.get("house_number", "")) if part)
    known = {name: getattr(one.named, name) for name in ("party", "family_name", "given_name", "firm", "register", "represented_by")}
    there = _fitting(one, {"street": street, "postcode": postcode, "town": town, "phone": said.get("phone", "")})
    one.named = Named(**known, **there, country=country, email=email, language=values.read_language(said.get("language", "")))


# ------------------------------------------------------------------------------------------------------------ since when


def _read_days(one: Checked, today: date) -> None:
    before = len(one.errors)
    one.joined_on = _read(one, "joined_on", values.read_day)
    one.declared_on = _read(one, "declared_on", values.read_day) or one.joined_on
    one.ends_on = _read(one, "ends_on", values.read_day)
    one.born_on = _read(one, "born_on", values.read_day)
    for column in ("joined_on", "declared_on", "ends_on"):
        if values.is_ambiguous(one.said.get(column, "")):
            one.warnings.append(_("“%(text)s” was read as day/month/year.") % {"text": one.said[column]})
    if len(one.errors) > before:
        return
    if one.joined_on is None:
        one.errors.append(_("The day of joining is missing (§ 30 II GenG)."))
    elif one.joined_on > today:
        one.errors.append(_("The day of joining lies in the future."))
    elif one.declared_on and one.declared_on > today:
        one.errors.append(_("The day of the declaration lies in the future."))
    if one.ends_on is not None:
        _read_end(one, one.ends_on, today)


def _read_end(one: Checked, ends_on: date, today: date) -> None:
    if ends_on >= today:
        words = _("The exit on %(day)s lies ahead: leave the column empty here and enter the notice under “Exits” afterwards.")
        one.errors.append(words % {"day": date_format(ends_on)})
    if one.joined_on and ends_on < one.joined_on:
        one.errors.append(_("The exit lies before the joining."))
    reason = one.said.get("end_reason", "")
    found = values.read_word(reason, values.REASONS) if reason else EndReason.NOTICE
    if not found:
        one.warnings.append(_("The reason “%(text)s” is not known; notice is entered.") % {"text": reason[:40]})
    one.end_reason = found or EndReason.NOTICE


# ------------------------------------------------------------------------------------------------------------ how much


def _read_shares(one: Checked, options: Options, register: Register) -> None:
    one.shares = _read(one, "shares", values.read_shares, 0)
    one.cents = _read(one, "paid", values.read_cents, 0)
    kind = one.said.get("kind", "")
    one.kind = (values.read_word(kind, values.KINDS) if kind else "") or Kind.ORDINARY
    if one.joined_on is None or one.declared_on is None:
        return
    statute = register.statute_on(max(one.joined_on, one.declared_on))
    one.worth = one.shares * statute.share_cents
    least = 0 if one.is_over or one.kind == Kind.SUPPORTING else statute.mandatory_shares
    if one.shares < least:
        words = ngettext("The statute asks for at least %(n)d share.", "The statute asks for at least %(n)d shares.", least)
        one.errors.append(words % {"n": least})
    if statute.max_shares is not None and one.shares > statute.max_shares:
        one.errors.append(_("The statute allows at most %(count)d shares.") % {"count": statute.max_shares})
    if one.kind == Kind.INVESTING and not statute.has_investing:
        one.errors.append(_("The statute does not allow investing members (§ 8 II GenG)."))
    _check_capital(one, options)


def _check_capital(one: Checked, options: Options) -> None:
    if one.is_over and one.cents:
        words = _("%(amount)s are still owed to this former member; they become a sum to be paid out.")
        one.warnings.append(words % {"amount": euros(one.cents)})
    elif one.cents > one.worth:
        words = _("%(paid)s are paid in, but the shares are worth %(worth)s.") % {"paid": euros(one.cents), "worth": euros(one.worth)}
        (one.warnings if options.accept_more else one.errors).append(words)
    elif options.ask_rest and one.rest and "paid" in one.said:
        one.warnings.append(_("%(amount)s are open; they are asked for.") % {"amount": euros(one.rest)})


def _read_group_and_kind(one: Checked, options: Options, register: Register) -> None:
    one.group = one.said.get("group", "")
    kind = one.said.get("kind", "")
    if kind and not values.read_word(kind, values.KINDS):
        one.warnings.append(_("The kind “%(text)s” is not known; an ordinary member is entered.") % {"text": kind[:40]})
    if one.group and len(one.group) > 80:
        one.errors.append(_("“%(text)s…” is too long.") % {"text": one.group[:40]})
    elif one.group and fold(one.group) not in register.groups:
        choice = options.groups.get(fold(one.group), NEW_GROUP)
        if choice == NEW_GROUP:
            one.warnings.append(_("The group “%(group)s” does not exist yet; it is made.") % {"group": one.group})
        elif choice == NO_GROUP:
            one.warnings.append(_("The group “%(group)s” is left out.") % {"group": one.group})
    slug = one.said.get("entry", "").rstrip("/").rsplit("/", 1)[-1].lower()
    if slug:
        one.organisation = register.entries.get(slug)
        if one.organisation is None:
            one.warnings.append(_("There is no published entry “%(slug)s” on the map; none is linked.") % {"slug": slug[:60]})


def _read_bank(one: Checked, today: date) -> None:
    one.mandate_on = _read(one, "mandate_on", values.read_day)
    one.holder = one.said.get("holder", "")[:70]
    said = one.said.get("iban", "")
    if said:
        try:
            one.iban = check_iban(said)
        except Refused as fault:
            one.warnings.append(_("The IBAN is left out: %(why)s") % {"why": fault.sentence})
    if one.mandate_on and one.mandate_on > today:
        one.errors.append(_("The mandate is of a day in the future."))
    elif one.mandate_on and not one.iban:
        one.warnings.append(_("A mandate needs an IBAN; it is left out."))


# ------------------------------------------------------------------------------------------------------------ twice


def _check_numbers(found: Sequence[Checked], register: Register) -> None:
    first: dict[int, int] = {}
    for one in found:
        one.number = _read(one, "number", values.read_number)
        if one.number is None:
            if "number" in one.said and not one.said["number"]:
                one.warnings.append(_("Without a member number: it gets the next one."))
            continue
        if one.number in first:
            one.errors.append(
                _("The member number %(number)d stands in row %(row)d, too.") % {"number": one.number, "row": first[one.number]}
            )
        elif one.number in register.numbers:
            one.errors.append(_("The member number %(number)d is in the register already.") % {"number": one.number})
        first.setdefault(one.number, one.row)


def _check_doubles(found: Sequence[Checked], options: Options, register: Register) -> None:
    """The same name with the same birthday, town or e-mail: probably the same member, who has one membership at a time."""
    seen: dict[str, list[Checked]] = defaultdict(list)
    for one in found:
        name = fold(one.name)
        if not name:
            continue
        where = one.errors if not options.take_doubles else one.warnings
        twin = next((other for other in seen[name] if not one.is_over and not other.is_over and _is_same(one, other)), None)
        if twin:
            where.append(_("Probably the same member as in row %(row)d: same name, and birthday, town or e-mail.") % {"row": twin.row})
        for number, town, email, is_active in register.people.get(name, ()):
            near = _near(fold(one.named.town), town) or _near(one.named.email.lower(), email)
            if near and is_active and not one.is_over:
                where.append(_("Probably member %(number)d of the register: same name, and town or e-mail.") % {"number": number})
                break
        seen[name].append(one)


def _is_same(one: Checked, other: Checked) -> bool:
    if one.born_on and other.born_on:
        return one.born_on == other.born_on
    return _near(fold(one.named.town), fold(other.named.town)) or _near(one.named.email.lower(), other.named.email.lower())


def _near(one: str, other: str) -> bool:
    return bool(one) and one == other


def sums(found: Sequence[Checked]) -> dict[str, int]:
    """What would be entered, to compare with one's own books: rows without errors only."""
    taken = [one for one in found if not one.errors]
    active = [one for one in taken if not one.is_over]
    return {
        "rows": len(found),
        "taken": len(taken),
        "with_errors": len(found) - len(taken),
        "with_warnings": sum(1 for one in taken if one.warnings),
        "members": len(active),
        "former": len(taken) - len(active),
        "shares": sum(one.shares for one in active),
        "worth": sum(one.worth for one in active),
        "capital": sum(one.cents for one in active),
        "owed": sum(one.cents for one in taken if one.is_over),
        "rest": sum(one.rest for one in active),
    }
