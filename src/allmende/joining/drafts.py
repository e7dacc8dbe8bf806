"""What somebody typed so far, between the steps: kept with the session of this browser for a day, gone when the declaration is made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone

from allmende.constitution.models import Cooperative
from allmende.directory.models import Organisation
from allmende.joining import access, rules
from allmende.joining.declaration import Wish
from allmende.members.actions import NAMED, Named
from allmende.members.models import Group, Kind

KEY, DONE = "joining", "joined"


@dataclass
class Draft:
    """The steps filled in. `uuid` becomes the declaration's, so that sending twice makes one."""

    uuid: UUID = field(default_factory=uuid4)
    who: dict[str, Any] = field(default_factory=dict)
    what: dict[str, Any] = field(default_factory=dict)

    def named(self, language: str) -> Named:
        """Name and address as they are handed in."""
        return Named(**{name: self.who[name] for name in NAMED if name in self.who and name != "language"}, language=language)

    def wish(self, cooperative: Cooperative, language: str) -> Wish:
        """What would be declared. A group that was closed meanwhile is none."""
        group = Group.objects.filter(cooperative=cooperative, key=self.what.get("group", ""), is_open=True).first()
        return Wish(self.named(language), self.what.get("kind", Kind.ORDINARY), self.what["shares"], group)

    def organisation(self, request: HttpRequest) -> Organisation | None:
        """The entry of the map that joins, where one was chosen and is still looked after by whoever joins."""
        slug = self.who.get("organisation", "")
        return access.may_join_for(request.user).filter(slug=slug).first() if slug else None


def of(request: HttpRequest, cooperative: Cooperative) -> Draft:
    """What was typed here today, or an empty draft."""
    said = request.session.get(KEY, {}).get(str(cooperative.pk))
    if not said or timezone.now() - datetime.fromisoformat(said["at"]) > timedelta(hours=rules.DRAFT_HOURS):
        return Draft()
    return Draft(UUID(said["uuid"]), said["who"], said["what"])


def keep(request: HttpRequest, cooperative: Cooperative, draft: Draft) -> None:
    """Keep it for the next step. A guest's session has nothing else and ends with the day."""
    said = {"uuid": str(draft.uuid), "who": draft.who, "what": draft.what, "at": timezone.now().isoformat()}
    request.session[KEY] = {**request.session.get(KEY, {}), str(cooperative.pk): said}
    if not request.user.is_authenticated:
        request.session.set_expiry(rules.DRAFT_HOURS * 3_600)


def drop(request: HttpRequest, cooperative: Cooperative, *, done: str = "") -> None:
    """Forget what was typed. `done` is the link to the declaration that came of it, for whoever clicks twice."""
    kept = {name: one for name, one in request.session.get(KEY, {}).items() if name != str(cooperative.pk)}
    ended = {**request.session.get(DONE, {}), str(cooperative.pk): done}
    request.session[KEY], request.session[DONE] = kept, {name: token for name, token in ended.items() if token}


def done(request: HttpRequest, cooperative: Cooperative) -> str:
    """The link to the declaration made in this session; nothing where there is none."""
    return str(request.session.get(DONE, {}).get(str(cooperative.pk), ""))
