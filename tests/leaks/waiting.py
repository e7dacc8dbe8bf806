"""What waits around an entry in the other rooms: claims, invitations, suggestions, reports, questions, pairs, letters, requests."""

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.calendars.models import CalendarKey
from allmende.commons import models as commons
from allmende.directory.models import DataRules, RevisionSet
from allmende.duplicates.models import FoundBy, Merge, Pair
from allmende.freshness.models import Gone, LinkCheck, Question
from allmende.ground.models import Letter
from allmende.notices.models import FeedKey, Follow
from allmende.people.models import Notice
from allmende.stewards import models as stewards
from allmende.stewards.queries import hashed
from allmende.suggestions import models as suggestions
from tests.cast import source
from tests.leaks.secrets import CARETAKER, CARETAKERS, EVERYBODY, GUEST, HOUSE, NEIGHBOUR, NOBODY, OUTSIDER, OWNER, OWNERS, STEWARDS

if TYPE_CHECKING:
    from tests.leaks.scene import Scene

NOW = timezone.now()
YESTERDAY = NOW - datetime.timedelta(days=1)
MONTH_AGO = NOW - datetime.timedelta(days=30)
PROVE, INVITE = "wort-der-anfrage-0123456789", "wort-der-einladung-0123456789"
"""The secret words in the links of two letters."""


def fill(scene: "Scene") -> None:
    """All of it, around "Offen stewards eG"."""
    _claims(scene)
    _invitations(scene)
    _suggestions(scene)
    _reports(scene)
    _freshness(scene)
    _duplicates(scene)
    _commons(scene)
    _mail(scene)
    _background(scene)


def _claims(scene: "Scene") -> None:
    from tests.leaks.scene import somebody

    keep, entry = scene.secrets.keep, scene.offen
    message = keep("klagewort", "the message of a claim", OWNERS, "claim")
    evidence = keep("belegwort", "the evidence of a claim", OWNERS, "claim")
    why = keep("buergwort", "why somebody vouches", OWNERS | {NEIGHBOUR}, "claim")
    by_management = somebody(scene, "claimant", OWNERS)
    base: dict[str, Any] = {"organisation": entry, "opened_at": YESTERDAY}
    scene.things["claim"] = stewards.Claim.objects.create(**base, person=by_management, proof="granted", message=message, evidence=evidence)
    # Who was sent the link of a vouch is to say whether they know this person, so the link shows the name to anybody signed in.
    known = somebody(scene, "vouchee", OWNERS, EVERYBODY - {GUEST})
    told = keep("bekanntwort", "the message of a claim that asks for vouches", EVERYBODY - {GUEST})
    scene.things["vouched claim"] = stewards.Claim.objects.create(**base, person=known, proof="vouched", message=told)
    stewards.Vouch.objects.create(
        claim=scene.things["vouched claim"], person=scene.people[NEIGHBOUR], organisation=scene.entries["nachbar"], why=why, at=NOW
    )
    # Not proved yet: only a typed address, so nobody is asked about it.
    typed = somebody(scene, "typing", HOUSE)
    address = keep("unbewiesen", "the address of a claim that is not proved", NOBODY)
    scene.things["unproved claim"] = stewards.Claim.objects.create(
        **base, person=typed, proof="domain", address=f"{address}@gruenspecht4qxj.example", token=hashed(PROVE), sent_at=NOW, letters=1,
        message=keep("tippwort", "the message of a claim that is not proved", NOBODY),
    )  # fmt: skip


def _invitations(scene: "Scene") -> None:
    keep = scene.secrets.keep
    scene.things["invitation"] = stewards.Invitation.objects.create(
        organisation=scene.offen,
        email=f"{keep('einpostgeladen', 'the address of an invitation', OWNERS, 'invitation')}@personen.example",
        role="editor",
        message=keep("einladewort", "the message of an invitation", OWNERS, "invitation"),
        by=scene.people[OWNER],
        token=hashed(INVITE),
        created_at=NOW,
        sent_at=NOW,
    )


def _suggestions(scene: "Scene") -> None:
    from tests.leaks.scene import somebody

    keep, made = scene.secrets.keep, suggestions.Suggestion.objects.create
    by = somebody(scene, "suggester", HOUSE, STEWARDS)  # who signed in to suggest something stands behind it
    told: dict[str, Any] = {
        "remark": keep("bemerkwort", "the remark of a suggestion", STEWARDS, "suggestion"),
        "reason": keep("grundwort", "the reason of a suggestion", STEWARDS, "suggestion"),
    }
    proposed = keep("vorschlagtext", "what an open suggestion proposes", STEWARDS, "suggestion")
    contact = keep("rueckpost", "the address left with a suggestion", NOBODY)
    scene.things["suggestion"] = made(
        organisation=scene.offen, kind="change", fields={"description": proposed, "website": f"https://{proposed}.example/"},
        base=0, contact=f"{contact}@personen.example", **told,
    )  # fmt: skip
    refused = keep("abgelehnttext", "what a declined suggestion proposed", STEWARDS)
    answer = keep("antwortwort", "the answer to a suggestion", STEWARDS)
    scene.things["declined"] = made(
        organisation=scene.offen, kind="change", fields={"description": refused}, state="declined", decided_at=NOW,
        decided_by=scene.people[OWNER], answer=answer, by=by,
    )  # fmt: skip
    problem = keep("problemwort", "the words about a problem", STEWARDS)
    scene.things["problem"] = made(organisation=scene.offen, kind="problem", problem="wrong", remark=problem, by=by)
    missing = keep("vermisstname", "the name of an organisation proposed for the map", CARETAKERS)
    fields = {"name": missing.capitalize(), "description": keep("vermissttext", "the text of a proposed organisation", CARETAKERS)}
    scene.things["missing"] = made(kind="missing", fields=fields, country="DE", region="Bayern", sector=scene.offen.sector)


def _reports(scene: "Scene") -> None:
    keep, made = scene.secrets.keep, suggestions.Report.objects.create
    told: dict[str, Any] = {
        "organisation": scene.offen,
        "place": "/o/offen-stewards/",
        "reason": keep("rechtswort", "the reason of a report", CARETAKERS, "report"),
        "name": keep("meldername", "the name of who reported", CARETAKERS, "report").capitalize(),
        "email": f"{keep('melderpost', 'the address of who reported', CARETAKERS, 'report')}@personen.example",
    }
    scene.things["report"] = made(**told)
    facts = keep("urteilwort", "the reasons of a decision on a report", CARETAKERS, "report")
    scene.things["judged"] = made(
        **told, effect="fields", fields=["description"], ground="law", basis="§ 1", facts=facts, decided_at=YESTERDAY,
        decided_by=scene.people[CARETAKER], removed={"description": keep("entferntwort", "what was removed as illegal", CARETAKERS)},
    )  # fmt: skip
    text = keep("einspruchwort", "the text of an appeal", CARETAKERS, "report")
    scene.things["appeal"] = suggestions.Appeal.objects.create(report=scene.things["judged"], side="notifier", text=text)


def _freshness(scene: "Scene") -> None:
    from allmende.freshness.access import fingerprint

    keep, owner = scene.secrets.keep, scene.people[OWNER]
    scene.things["question"] = Question.objects.create(
        organisation=scene.offen, person=owner, address=fingerprint(owner.email), round_on=NOW.date(), asked_at=YESTERDAY
    )
    bounced = Question.objects.create(
        organisation=scene.offen, person=owner, address=fingerprint(owner.email), round_on=NOW.date(), number=2, asked_at=YESTERDAY,
        bounced_at=NOW,
    )  # fmt: skip
    scene.things["bounce"] = bounced
    word = keep("abschiedwort", "a word about the end of an organisation", STEWARDS)
    scene.things["gone"] = Gone.objects.create(organisation=scene.offen, person=owner, word=word, said_at=NOW)
    moved = keep("umzugziel", "where a hidden website moved", STEWARDS)
    scene.things["link"] = LinkCheck.objects.create(
        organisation=scene.offen, url=scene.offen.website, checked_at=NOW, result="missing", status=404, failures=3,
        first_failed_at=MONTH_AGO, moved_to=f"https://{moved}.example/", moved_times=3, raised_at=YESTERDAY,
    )  # fmt: skip


def _duplicates(scene: "Scene") -> None:
    keep = scene.secrets.keep
    twin = scene.entries["fern"]
    one, other = sorted((scene.offen, twin), key=lambda entry: entry.pk)
    reasons = [["phone_same", {}, 1]]
    note = keep("paarwort", "the note at a pair", STEWARDS | {OUTSIDER})
    scene.things["pair"] = Pair.objects.create(
        one=one, other=other, judgement="same", score=0.97, found_by=FoundBy.SCAN, found_at=YESTERDAY, note=note, reasons=reasons
    )
    winner, loser = scene.entries["offen-public"], scene.entries["tarn-merged"]
    small, large = sorted((winner, loser), key=lambda entry: entry.pk)
    pair = Pair.objects.create(
        one=small, other=large, judgement="same", score=0.9, found_by=FoundBy.SCAN, found_at=MONTH_AGO, state="same", decided_at=YESTERDAY,
        decided_by=scene.people[CARETAKER],
    )  # fmt: skip
    reason = keep("mischgrund", "why two entries were merged", STEWARDS)
    moved = {"before": {"description": keep("mischrest", "what a merge moved", NOBODY)}}
    scene.things["merge"] = Merge.objects.create(
        pair=pair, winner=winner, loser=loser, by=scene.people[CARETAKER], at=YESTERDAY, reason=reason, moved=moved
    )


def _commons(scene: "Scene") -> None:
    keep, made = scene.secrets.keep, commons.DataRequest.objects.create
    scene.things["open rules"] = DataRules.objects.create(
        version=3, state="open", text_de="Neue Regeln.", opened_at=YESTERDAY, closes_at=NOW + datetime.timedelta(days=20)
    )
    commons.RulesVote.objects.create(
        rules=scene.things["open rules"], organisation=scene.offen, by=scene.people[OWNER], choice="yes", at=NOW
    )
    mail = keep("anfragepost", "the address of who asked for data", NOBODY, "request")
    until = NOW.date() + datetime.timedelta(days=100)
    asked = {"who": "Hochschule", "purpose": "Forschung", "fields": ["description", "phone"], "until": until}
    scene.things["request"] = made(**asked, email=f"{mail}@personen.example", state="open", opened_at=MONTH_AGO)
    scene.things["unconfirmed"] = made(
        who=keep("unbestaetigt", "who asked for data but did not confirm it", NOBODY), purpose="Ungeprüft", until=until, fields=[],
        email=f"{mail}@personen.example",
    )  # fmt: skip
    scene.things["granted"] = made(
        **asked,
        email=f"{mail}@personen.example",
        state="granted",
        opened_at=MONTH_AGO,
        decided_at=YESTERDAY,
        decided_by=scene.people[CARETAKER],
    )
    for thing in ("request", "granted"):
        for level, answer in (("network", "agree"), ("members", "object")):
            commons.RequestAnswer.objects.create(
                request=scene.things[thing], organisation=scene.entries[f"offen-{level}"], by=scene.people[OWNER], answer=answer, at=NOW
            )


def _mail(scene: "Scene") -> None:
    keep, owner = scene.secrets.keep, scene.people[OWNER]
    body = keep("briefwort", "what a letter says", NOBODY)
    scene.things["letter"] = Letter.objects.create(to=owner.email, subject=body, body=body, kind="people.code", person=owner)
    scene.things["bounced letter"] = Letter.objects.create(
        to=f"{keep('totpost', 'an address where mail came back', CARETAKERS)}@personen.example", subject="Stimmt noch alles?", body=body,
        state="bounced", bounced_at=NOW, kind="freshness.question", error="550",
    )  # fmt: skip
    told = keep("mitteilwort", "a notice to the owner", {OWNER})
    scene.things["notice"] = Notice.objects.create(person=owner, kind="stewards.told", subject=told, text=told, path="/mein/")
    wish = keep("sumpfdotter", "the search that a neighbour follows", {NEIGHBOUR})
    since: dict[str, Any] = {"since": MONTH_AGO, "frequency": "now"}
    scene.things["follow"] = Follow.objects.create(person=scene.people[NEIGHBOUR], query=f"q={wish}", **since)
    for entry in ("offen-stewards", "offen-network", "tarn-draft"):
        Follow.objects.create(person=scene.people[NEIGHBOUR], organisation=scene.entries[entry], **since)
    word = keep("futterwort", "the word of somebody's feed", {NEIGHBOUR}, "feed")
    scene.things["feed"] = FeedKey.objects.create(person=scene.people[NEIGHBOUR], word=word)
    scene.things["calendar key"] = CalendarKey.objects.create(person=scene.people[NEIGHBOUR])


def _background(scene: "Scene") -> None:
    keep = scene.secrets.keep
    row = keep("abgewiesenzeile", "a row that an import refused", HOUSE)
    scene.things["import"] = RevisionSet.objects.create(
        reason=keep("importgrund", "the file of an import", HOUSE), source=source("register"), by=scene.people[CARETAKER],
        report={"read": 2, "rejects": [[2, "name", "missing", row]], "rejected": 1},
    )  # fmt: skip
    trace = keep("fehlerspur", "the traceback of a task that failed", HOUSE)
    scene.things["task"] = DBTaskResult.objects.create(
        status="FAILED", args_kwargs={"args": [1], "kwargs": {}}, task_path="allmende.ground.tasks.deliver", backend_name="default",
        run_after=NOW, finished_at=NOW, exception_class_path="builtins.ValueError", traceback=trace,
    )  # fmt: skip
