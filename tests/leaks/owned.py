"""The addresses of co-ownership: what the arguments of its routes are, all at the cooperative of "Offen stewards eG".

One address of a route is enough where all of its kind are for the same people; more where they are not: the own request and another's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from allmende.members import actions as members
from tests.leaks.scene import Scene

Filling = dict[str, Any]
Fill = Callable[[Scene], list[Filling]]
NOBODYS = "niemandes"


def _at(name: str, what: Callable[[Scene, str], Any], *things: Any) -> Fill:
    return lambda scene: [{"slug": scene.offen.slug, name: what(scene, thing)} for thing in things]


def _uuid(*things: str) -> Fill:
    return _at("uuid", Scene.uuid, *things)


def _number(*things: str) -> Fill:
    return _at("number", lambda scene, thing: scene.things[thing].number, *things)


def _said(name: str, *values: Any) -> Fill:
    return _at(name, lambda _scene, value: value, *values)


def _all(room: str, names: str, fill: Fill) -> Iterable[tuple[str, Fill]]:
    return ((f"{room}:{name}", fill) for name in names.split())


def _of_representative(scene: Scene) -> list[Filling]:
    return [{"slug": scene.offen.slug, "number": scene.things["organisation"].number, "uuid": scene.uuid("representative")}]


def _of_organisation(scene: Scene) -> list[Filling]:
    return [{"slug": scene.offen.slug, "number": scene.things["organisation"].number, "year": scene.things["scheme"].from_year}]


def _papers(scene: Scene) -> list[Filling]:
    return [
        {"slug": scene.offen.slug, "uuid": scene.uuid(thing), "paper": paper}
        for thing, paper in (("notice given", "eingang"), ("exit", "eingang"))
    ]


def _invited(scene: Scene) -> list[Filling]:
    invited = {"slug": scene.offen.slug, "token": members.token_of(scene.things["other membership"]), "opens": "invited"}
    return [invited, {"slug": scene.offen.slug, "token": NOBODYS}]


def _application(scene: Scene) -> list[Filling]:
    own = {"slug": scene.offen.slug, "token": scene.things["application"].token, "opens": "application"}
    return [own, {"slug": scene.offen.slug, "token": NOBODYS}]


FILLED: dict[str, Fill] = {
    "constitution:statute_step": _said("key", "anteile", "menschen"),
    **dict(_all("constitution", "statute_version statute_document statute_paper", _said("version", 1, 2))),
    **dict(_all("constitution", "late_document statute_withdraw", _said("version", 3))),
    "constitution:office": lambda scene: [{"slug": scene.offen.slug, "pk": scene.pk("office")}],
    "members:export": _said("kind", "csv", "xlsx", "pdf", "exe"),
    "members:group": _said("key", "employees"),
    "members:link": _invited,
    "members:member_reverse": lambda scene: [
        {"slug": scene.offen.slug, "number": scene.things["membership"].number, "line": scene.things["membership"].share_entries.get().pk}
    ],
    "members:change": _number("membership"),
    **dict(_all("members", "member member_data", _number("membership", "other membership", "organisation"))),
    **dict(_all("members", "member_group member_account member_organisation member_extract", _number("membership"))),
    **dict(_all("money", "request request_code", _uuid("request of member", "request of other"))),
    **dict(_all("money", "request_slip receive withdraw", _uuid("request of member"))),
    **dict(_all("money", "payable pay block", _uuid("payable"))),
    "money:booking": _uuid("booking"),
    "money:member_account": _number("membership", "other membership"),
    "money:certificate": _number("membership"),
    "money:account_change": lambda scene: [{"slug": scene.offen.slug, "pk": scene.pk("account")}],
    **dict(_all("banking", "member_accounts revoke_mandate ask_for_account", _number("membership", "other membership"))),
    **dict(_all("banking", "upload discard_upload", _uuid("upload"))),
    **dict(_all("banking", "line book settle ignore heed undo owe_rest", _uuid("bank line"))),
    **dict(_all("banking", "run file execute cancel came_back", _uuid("run"))),
    **dict(_all("contributions", "undo reverse", _uuid("line", "line of other"))),
    "contributions:file": _uuid("file of hours"),
    "contributions:revoke_key": _uuid("key"),
    "contributions:change_type": _at("key", lambda scene, thing: scene.things[thing].key, "kind"),
    "contributions:end_confirmer": _number("membership"),
    "contributions:rule": lambda scene: [{"slug": scene.offen.slug, "key": "levels", "version": 1}],
    **dict(_all("joining", "desk_application desk_document desk_admit desk_refuse desk_ask", _uuid("application"))),
    **dict(_all("joining", "application application_document application_withdraw", _application)),
    "leaving:withdraw": _uuid("notice given"),
    "leaving:termination": _uuid("notice given", "exit"),
    "leaving:transferring": _uuid("transfer"),
    "leaving:document": _papers,
    "intake:template": _said("ending", "csv", "xlsx"),
    **dict(_all("intake", "one columns findings start discard undo", _uuid("intake"))),
    **dict(_all("surplus", "year", _uuid("year", "draft year"))),
    **dict(_all("surplus", "edit book drop", _uuid("draft year"))),
    "surplus:reverse": _uuid("year"),
    **dict(_all("networks", "member answer size represent", _number("organisation", "membership"))),
    **dict(_all("networks", "confirm end", _of_representative)),
    **dict(_all("networks", "drop_scheme take_back_fee", _of_organisation)),
}
"""Whatever has more arguments than a slug."""
