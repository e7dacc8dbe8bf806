"""What people do together around an entry: offers and needs, comments, files, conversations, projects, feedback, circles."""

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from allmende.circles import letters as circle_letters
from allmende.circles import models as circles
from allmende.comments.models import Comment
from allmende.directory.models import Organisation
from allmende.enquiries import models as enquiries
from allmende.exchange.actions import open_listing
from allmende.exchange.models import Listing
from allmende.feedback import models as feedback
from allmende.files.actions import attach_file
from allmende.files.models import Attachment
from allmende.matching.models import Misfit, Recommendation
from allmende.projects import models as projects
from allmende.suggestions.models import Report
from tests.cast import term
from tests.files.conftest import pdf
from tests.leaks.secrets import (
    CARETAKER,
    CARETAKERS,
    EDITOR,
    ELSEWHERE,
    HOUSE,
    MEMBER,
    NEIGHBOUR,
    NETWORK,
    NOBODY,
    OUTSIDER,
    OWNER,
    STEWARDS,
    TEAM,
    Circle,
)

if TYPE_CHECKING:
    from tests.leaks.scene import Scene

NOW = timezone.now()
YESTERDAY = NOW - datetime.timedelta(days=1)
WEEK_AGO = NOW - datetime.timedelta(days=7)
FEED_WORD = "wort-des-kalenders-0123456789"

KEEPERS: Circle = frozenset({OWNER, EDITOR})
NETWORKED: Circle = TEAM | {NEIGHBOUR, NETWORK, ELSEWHERE}
"""Who belongs to the network, and who takes care of entries anywhere for it."""
OF_NEIGHBOUR: Circle = KEEPERS | {MEMBER, NEIGHBOUR, CARETAKER}
"""Who reads what the neighbour put up for "Offen stewards eG" alone; its entry is in no caretaker's region."""
BOTH_SIDES: Circle = KEEPERS | {NEIGHBOUR}
INSIDE: Circle = frozenset({OWNER})
"""Who is in the circle; its host and the caretakers see it from outside only."""


def fill(scene: "Scene") -> None:
    """All of it, around "Offen stewards eG"."""
    _listings(scene)
    _matches(scene)
    _comments(scene)
    _files(scene)
    _conversations(scene)
    _projects(scene)
    _feedback(scene)
    _circles(scene)
    _reports(scene)


# --------------------------------------------------------------------------------------------------------------- exchange


def _listing(scene: "Scene", name: str, entry: Organisation, by: str, title: str, *, as_draft: bool = False, **more: Any) -> Listing:
    said: dict[str, Any] = {
        "organisation": entry,
        "direction": "offer",
        "title": title,
        "text": f"Unser Lastenrad {title}.",
        "category": term("exchange", "bikes", "Fahrräder", "Bicycles"),
        "tags": ["Lastenrad"],
        "town": "München",
        "lat": 48.1374,
        "lon": 11.5755,
        "terms": "gift",
        "until": NOW.date() + datetime.timedelta(days=60),
    }
    scene.things[name] = open_listing(said | more, by=scene.people[by], as_draft=as_draft)
    made: Listing = scene.things[name]
    return made


def _listings(scene: "Scene") -> None:
    keep, entry = scene.secrets.keep, scene.offen
    more: dict[str, Any]
    told: dict[str, Any]
    for name, sees, more in (
        ("network", NETWORKED, {"audience": "network"}),
        ("chosen", TEAM | {NEIGHBOUR}, {"audience": "chosen", "chosen": [scene.entries["nachbar"]]}),
        ("draft", KEEPERS, {"as_draft": True}),
        ("hidden", STEWARDS, {}),
    ):
        title = keep(f"angebotstitel{name}", f"the title of a listing ({name})", sees)
        told = {
            "text": keep(f"angebotstext{name}", f"the text of a listing ({name})", sees),
            "tags": ["Lastenrad", keep(f"stichwort{name}", f"a keyword of a listing ({name})", sees)],
            "terms_note": keep(f"gegenleistung{name}", f"the terms of a listing ({name})", sees),
        }
        _listing(scene, name, entry, OWNER, f"Lastenrad {title}", **told, **more)
    reason = keep("abnahmegrund", "why a listing was taken off", STEWARDS)
    Listing.objects.filter(pk=scene.pk("hidden")).update(state="hidden", hidden_from="open", hidden_reason=reason)
    _listing(scene, "public", entry, OWNER, "Lastenrad am Samstag", tags=["Lastenrad", "Anhänger"])
    member: dict[str, Any] = {"as_member": True, "person_name": "Jemand aus dem Lager"}  # who it is, only those who know the team
    _listing(scene, "of a member", entry, MEMBER, "Werkbank im Hof", text="Eine Werkbank.", tags=[], **member)
    need = keep("suchtitel", "the title of what the neighbour needs", OF_NEIGHBOUR)
    text = keep("suchtext", "the text of what the neighbour needs", OF_NEIGHBOUR)
    told = {"direction": "need", "text": f"Lastenrad {text}.", "audience": "chosen", "chosen": [entry]}
    _listing(scene, "need", scene.entries["nachbar"], NEIGHBOUR, f"Lastenrad {need}", **told)


def _matches(scene: "Scene") -> None:
    note = scene.secrets.keep("passtnichtwort", "why two listings do not fit", KEEPERS)
    need, offer = scene.things["need"], scene.things["network"]
    scene.things["misfit"] = Misfit.objects.create(need=need, offer=offer, said_by=offer, why="other", note=note, by=scene.people[OWNER])
    scene.things["recommendation"] = Recommendation.objects.create(
        need=need, offer=scene.things["public"], organisation=scene.entries["bund"], by=scene.people[NETWORK]
    )


def _comments(scene: "Scene") -> None:
    from tests.leaks.scene import somebody

    keep, thing = scene.secrets.keep, scene.things["network"]
    person = somebody(scene, "commenter", HOUSE, NETWORKED)
    about = {"kind": "exchange.listing", "number": thing.pk, "person": person, "created_at": YESTERDAY}
    text = keep("kommentarwort", "a comment on a listing for the network", NETWORKED)
    scene.things["comment"] = Comment.objects.create(**about, text=text)
    hidden = keep("ausgeblendetwort", "a comment that was hidden", CARETAKERS)
    why = keep("ausblendgrund", "why a comment was hidden", CARETAKERS)
    scene.things["hidden comment"] = Comment.objects.create(**about, text=hidden, hidden_at=NOW, hidden_reason=why)
    gone = Comment.objects.create(**about, text=keep("geloeschtwort", "a comment that was deleted", NOBODY), deleted_at=NOW)
    Comment.objects.create(**about, parent=gone, text=keep("erwiderwort", "an answer to a comment", NETWORKED))


def _files(scene: "Scene") -> None:
    keep, owner = scene.secrets.keep, scene.people[OWNER]
    named = keep("anhangname", "the name of a file at a listing for the network", NETWORKED)
    off = keep("anhangabgenommen", "the name of a file that was taken off", NOBODY)
    scene.things["file"] = attach_file(scene.things["network"], pdf(), f"{named}.pdf", by=owner)[0]
    other = attach_file(scene.things["public"], pdf(), f"{off}.pdf", by=owner)[0]
    why = keep("dateigrund", "why a file was taken off", NOBODY)
    Attachment.objects.filter(pk=other.pk).update(hidden_at=NOW, hidden_reason=why)
    scene.things["hidden file"] = other


def _conversations(scene: "Scene") -> None:
    from tests.leaks.scene import somebody

    keep, people = scene.secrets.keep, scene.people
    title = keep("gespraechstitel", "what a conversation is about", BOTH_SIDES | CARETAKERS)
    made = enquiries.Enquiry.objects.create(
        listing=scene.things["network"], title=title, direction="offer", organisation=scene.offen, asker=scene.entries["nachbar"],
        state="answered", opened_at=YESTERDAY, first_answer_at=NOW,
    )  # fmt: skip
    scene.things["enquiry"] = made
    said = enquiries.Message.objects.create
    asks, answers = (somebody(scene, who, HOUSE, BOTH_SIDES) for who in ("asker", "answerer"))  # who writes does it under their name
    said(enquiry=made, side="asker", by=asks, text=keep("anfragewort", "the first message of a conversation", BOTH_SIDES))
    said(enquiry=made, side="owner", by=answers, text=keep("erstantwort", "the answer in a conversation", BOTH_SIDES))
    rude = keep("gemeldetwort", "a message that was reported", BOTH_SIDES | CARETAKERS)
    scene.things["message"] = said(enquiry=made, side="owner", by=answers, text=rude)
    note = keep("ausgangswort", "what came of a conversation", BOTH_SIDES)
    enquiries.Word.objects.create(enquiry=made, side="asker", outcome="agreed", note=note, by=people[NEIGHBOUR])
    contact = keep("kontaktwort", "a contact shown in a conversation", BOTH_SIDES)
    enquiries.Contact.objects.create(enquiry=made, side="owner", text=contact, by=people[OWNER])
    reason = keep("blockadegrund", "why an organisation is blocked", KEEPERS)
    scene.things["block"] = enquiries.Block.objects.create(
        organisation=scene.offen, blocked=scene.entries["fern"], reason=reason, by=people[OWNER]
    )


# --------------------------------------------------------------------------------------------------- projects and feedback

SEE_PROJECT: Circle = NETWORKED | {OUTSIDER}
"""The network, and the organisation outside of it that was asked to take part."""


def _project(scene: "Scene", name: str, sees: Circle, **more: Any) -> projects.Project:
    keep = scene.secrets.keep
    word = name.replace(" ", "")
    scene.things[name] = projects.Project.objects.create(
        organisation=scene.offen, title=keep(f"titel{word}", f"the title of a {name}", sees), audience="network",
        summary=keep(f"satz{word}", f"the summary of a {name}", sees), challenge=keep(f"problem{word}", f"the challenge of a {name}", sees),
        folded=f"titel{word}qxj satz{word}qxj", created_by=scene.people[OWNER], **more,
    )  # fmt: skip
    made: projects.Project = scene.things[name]
    return made


def _projects(scene: "Scene") -> None:
    keep = scene.secrets.keep
    shown: dict[str, Any] = {"is_draft": False, "published_at": WEEK_AGO}
    made = _project(scene, "project", SEE_PROJECT, **shown)
    _project(scene, "draft project", KEEPERS)
    why = keep("projektgrund", "why a project was taken off", STEWARDS)
    _project(scene, "hidden project", STEWARDS, **shown, hidden_at=NOW, hidden_reason=why)
    sentence = keep("schrittsatz", "a step of a project", SEE_PROJECT)
    scene.things["step"] = projects.Step.objects.create(project=made, stage="idea", on=YESTERDAY.date(), sentence=sentence)
    news = keep("neuigkeit", "news of a project", SEE_PROJECT)
    scene.things["update"] = projects.Update.objects.create(project=made, title=news, text=news, by=scene.people[OWNER])
    asked = KEEPERS | {OUTSIDER}
    scene.things["part"] = projects.Part.objects.create(
        project=made, organisation=scene.entries["fern"], kind="partner", asked_by=scene.people[OWNER],
        contribution=keep("beitragswort", "what an organisation was asked to bring in", asked),
        word=keep("beteiligungswort", "the word to an organisation that was asked to take part", asked),
    )  # fmt: skip


def _feedback(scene: "Scene") -> None:
    keep, bund, nachbar = scene.secrets.keep, scene.entries["bund"], scene.entries["nachbar"]
    scene.things["round"] = feedback.Round.objects.create(
        project=scene.things["project"], organisation=scene.offen, readers="asker", opened_at=YESTERDAY,
        deadline=NOW + datetime.timedelta(days=7), text=keep("rundentext", "what a round of feedback is about", SEE_PROJECT),
        question_1=keep("rundenfrage", "a question of a round of feedback", SEE_PROJECT), asked_by=scene.people[OWNER],
    )  # fmt: skip
    invited = feedback.Invitation.objects.create
    for entry in (nachbar, bund):
        invited(round=scene.things["round"], organisation=entry, invited_at=YESTERDAY)
    no = keep("absagewort", "why an organisation gives no feedback", KEEPERS | {OUTSIDER})
    invited(round=scene.things["round"], organisation=scene.entries["fern"], invited_at=YESTERDAY, declined_at=NOW, word=no)
    asked: dict[str, Any] = {"round": scene.things["round"], "state": "given", "given_at": NOW}
    sees = KEEPERS | {NEIGHBOUR}
    said = {
        name: keep(f"rueckmeldung{word}", f"feedback ({name})", sees)
        for name, word in (("strengths", "gut"), ("open_questions", "offen"), ("answer_1", "antwort"))
    }
    told = {"reply": keep("gegenwort", "the reply to feedback", sees), "replied_at": NOW}
    scene.things["review"] = feedback.Review.objects.create(**asked, **said, **told, organisation=nachbar, by=scene.people[NEIGHBOUR])
    one = keep("einzelvorschlag", "a suggestion in feedback", sees)
    feedback.Suggestion.objects.create(review=scene.things["review"], position=1, text=one)
    off = STEWARDS | {NETWORK}
    scene.things["hidden review"] = feedback.Review.objects.create(
        **asked, organisation=bund, by=scene.people[NETWORK], hidden_at=NOW, hidden_by=scene.people[CARETAKER],
        strengths=keep("verborgenlob", "feedback that was taken off", off),
        hidden_because=keep("verborgengrund", "why feedback was taken off", off),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- circles


def _circles(scene: "Scene") -> None:
    from tests.leaks.scene import somebody

    keep, owner = scene.secrets.keep, scene.people[OWNER]
    outside = STEWARDS  # its host and the caretakers know that it exists and what for
    made = circles.Circle.objects.create(
        name=keep("kreisname", "the name of a circle", outside, "circle name"), organisation=scene.offen, audience="members",
        purpose=keep("kreiszweck", "the purpose of a circle", outside, "circle"), created_by=owner, joining="request",
    )  # fmt: skip
    scene.things["circle"] = made
    mate, applicant = somebody(scene, "mate", HOUSE, INSIDE | HOUSE), somebody(scene, "applicant", HOUSE, INSIDE | HOUSE)
    member = circles.CircleMember.objects.create
    member(circle=made, person=owner, role="coordinator", state="in", since=WEEK_AGO, organisation=scene.offen, feed_word=FEED_WORD)
    scene.things["mate"] = member(circle=made, person=mate, state="in", since=WEEK_AGO, organisation=scene.offen)
    word = keep("beitrittswort", "the word of somebody who wants to join a circle", INSIDE)
    member(circle=made, person=applicant, state="asked", since=YESTERDAY, word=word)
    address = keep("kreiseinladung", "the address invited to a circle", INSIDE)
    word = keep("kreisgruss", "the word of an invitation to a circle", INSIDE, "circle")
    mail = circles.MailInvitation.objects.create(circle=made, email=f"{address}@personen.example", word=word, by=owner, sent_at=YESTERDAY)
    scene.things["circle link"] = circle_letters.link_word(mail)
    _inside(scene, made)


def _inside(scene: "Scene", made: circles.Circle) -> None:
    keep, owner = scene.secrets.keep, scene.people[OWNER]
    title = keep("notiztitel", "the title of a note", INSIDE)
    note = circles.Note.objects.create(circle=made, title=title, changed_at=NOW)
    scene.things["note"] = note
    for number, text in ((1, "notizalt"), (2, "notizneu")):
        said = keep(text, f"version {number} of a note", INSIDE)
        circles.NoteVersion.objects.create(note=note, number=number, title=title, text=said, by=owner, at=NOW)
    soon = NOW + datetime.timedelta(days=3)
    date = keep("terminname", "a date of a circle", INSIDE, "calendar")
    place = keep("terminort", "where a circle meets", INSIDE, "calendar")
    scene.things["date"] = circles.CircleDate.objects.create(circle=made, title=date, place=place, starts=soon, by=owner)
    link = keep("kreislink", "a link of a circle", INSIDE)
    scene.things["link of a circle"] = circles.CircleLink.objects.create(
        circle=made, label=link, url=f"https://{link}.example/", about=link, by=owner
    )
    todo = keep("aufgabenwort", "a task of a circle", INSIDE)
    scene.things["task of a circle"] = circles.Task.objects.create(circle=made, title=todo, owner=owner, created_by=owner)
    text = keep("kreisgespraech", "a comment inside a circle", INSIDE)
    Comment.objects.create(kind="circles.circle", number=made.pk, person=owner, text=text)


# ---------------------------------------------------------------------------------------------------------------- reports


def _reports(scene: "Scene") -> None:
    keep = scene.secrets.keep
    for name, kind, thing in (("listing", "exchange.listing", "network"), ("message", "enquiries.message", "message")):
        scene.things[f"reported {name}"] = Report.objects.create(
            organisation=scene.offen, kind=kind, number=scene.pk(thing), matter="law", place="/",
            title=keep(f"meldetitel{name}", f"what is reported ({name})", CARETAKERS),
            reason=keep(f"meldegrund{name}", f"why a thing is reported ({name})", CARETAKERS),
            name=keep(f"anzeigender{name}", f"who reported a thing ({name})", CARETAKERS).capitalize(),
        )  # fmt: skip
