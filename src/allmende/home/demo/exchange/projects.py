"""Projects in every stage, with their parts, steps, news, files and the partners they look for."""

from typing import Any

from django.db.models import Q

from allmende.exchange.models import Listing
from allmende.files.actions import attach_file
from allmende.files.models import Attachment
from allmende.home.demo.exchange import listings, pictures
from allmende.home.demo.exchange.cast import Cast, Row, story
from allmende.projects import actions
from allmende.projects.models import Part, Project, Step, Update

TEXTS = ("title", "summary", "challenge", "audience_text", "text", "funding", "results", "licence", "audience")


def carry(cast: Cast) -> None:
    """All projects of the story; who adopts one comes after it."""
    for row in story("projects"):
        project = _adopt(cast, row) if "adopted_from" in row else _write(cast, row)
        cast.projects[row["key"]] = project
        if not row.get("draft"):
            with cast.told(row["shown"]):
                actions.publish_project(project, by=cast.people[row["by"]])
        for part in row["parts"]:
            _part(cast, project, part, row)
        _tell(cast, project, row)
        _hand_over(cast, project, row)
        _set_back(cast, project, row)
        project.refresh_from_db()


def _said(row: Row) -> dict[str, Any]:
    links = [{"label": label, "url": url} for label, url in row.get("links", [])]
    return {name: row[name] for name in TEXTS if name in row} | {"links": links, "sdgs": listings.goals(row)}


def _write(cast: Cast, row: Row) -> Project:
    (stage, days, sentence), *later = row["steps"]
    by, today = cast.people[row["by"]], cast.day(0)
    first = {"stage": stage, "on": cast.day(-days), "sentence": sentence}
    project = actions.write_project(_said(row) | first, cast.home(row["by"]), by=by, today=today)
    for stage, days, sentence in later:
        actions.add_step(project, stage=stage, on=cast.day(-days), sentence=sentence, by=by, today=today)
    return project


def _adopt(cast: Cast, row: Row) -> Project:
    by, source = cast.people[row["by"]], cast.projects[row["adopted_from"]]
    project = actions.adopt_project(source, cast.home(row["by"]), with_texts=True, by=by, today=cast.day(-row["on"]))
    Step.objects.filter(project=project).update(sentence=row["sentence"])
    return actions.edit_project(project, _said(row), by=by)


def _part(cast: Cast, project: Project, row: Row, whose: Row) -> None:
    """An organisation is asked, or offers itself; then it is answered as the story says."""
    organisation, keeper, lead = cast.entries[row["org"]], cast.keeper(row["org"]), cast.people[whose["by"]]
    asker, answerer = (keeper, lead) if row.get("offered") else (lead, keeper)
    begin = actions.offer_part if row.get("offered") else actions.ask_part
    state, days = row["state"], row["days_ago"]
    with cast.told(days):
        part = begin(project, organisation, kind=row["kind"], contribution=row["contribution"], word=_asking(row), by=asker)
    if state in {"confirmed", "declined", "left"}:
        with cast.told(days - 1):
            actions.answer_part(part, confirm=state != "declined", word="" if state == "left" else row.get("word", ""), by=answerer)
    if state == "left":
        with cast.told(row["left_days_ago"]):
            actions.leave_part(part, word=row["word"], by=keeper)
    Part.objects.filter(pk=part.pk).update(asked_at=cast.ago(days))
    Part.objects.filter(pk=part.pk, answered_at__isnull=False).update(answered_at=cast.ago(days - 1))
    Part.objects.filter(pk=part.pk, left_at__isnull=False).update(left_at=cast.ago(row.get("left_days_ago", 0)))


def _asking(row: Row) -> str:
    word: str = row.get("word", "") if row["state"] in {"asked", "offered"} else ""
    return word


def _tell(cast: Cast, project: Project, row: Row) -> None:
    """What is looked for, what is new, what is attached."""
    by = cast.people[row["by"]]
    for wanted in row.get("wanted", []):
        listing = actions.want_partner(project, listings.said(cast, wanted), by=by).listing
        cast.listings[wanted["key"]] = listing
        listings.set_back(cast, listing, wanted["days_ago"])
    for update in sorted(row["updates"], key=lambda one: -one["days_ago"]):
        with cast.told(update["days_ago"]):
            made = actions.add_update(project, title=update["title"], text=update["text"], by=by, now=cast.now)
        Update.objects.filter(pk=made.pk).update(at=cast.ago(update["days_ago"]))
    for file in row.get("files", []):
        data = pictures.DRAWN[file["draw"]]() if "draw" in file else file["text"].encode()
        attached, _remarks = attach_file(project, data, file["name"], by=by)
        Attachment.objects.filter(pk=attached.pk).update(uploaded_at=cast.ago(row["changed"]))


def _hand_over(cast: Cast, project: Project, row: Row) -> None:
    if not (to := row.get("hand_to")):
        return
    days = to.get("days_ago", 2)
    with cast.told(days):
        actions.offer_handover(project, cast.entries[to["org"]], by=cast.people[row["by"]])
    if to["take"]:
        facts = {"sentence": to["sentence"], "today": cast.day(-days), "by": cast.keeper(to["org"])}
        with cast.told(days):
            actions.take_over_project(project, cast.entries[to["org"]], **facts)
        Part.objects.filter(project=project, left_at__isnull=False).update(left_at=cast.ago(days))


def _set_back(cast: Cast, project: Project, row: Row) -> None:
    first = row["steps"][0][1] if row["steps"] else row["on"]
    days = {"created_at": cast.ago(first), "changed_at": cast.ago(row["changed"])}
    shown = {} if row.get("draft") else {"published_at": cast.ago(row["shown"])}
    Project.objects.filter(pk=project.pk).update(is_demo=True, **days, **shown)
    of_lead = Part.objects.filter(Q(organisation=cast.home(row["by"])) | Q(organisation=project.organisation_id), project=project)
    of_lead.update(asked_at=cast.ago(first), answered_at=cast.ago(first))
    for step in project.steps.all():
        Step.objects.filter(pk=step.pk).update(at=cast.ago((cast.day(0) - step.on).days))
    Listing.objects.filter(wanted_by__project=project).update(is_demo=True)
