"""The demo people: each shows one part of the house. All carry "(Demo)" in their name and an address that no mail server knows.

They have no password. Whoever runs the demo signs in as one of them with a code by mail, which the worker prints in the terminal; with a
real mail server their letters reach nobody, and so nobody can sign in as them.
"""

from uuid import NAMESPACE_URL, uuid5

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import translation

from allmende.directory.models import Caretaking, Organisation, Proof, Role, State
from allmende.ground import outbox
from allmende.notices.actions import follow_search
from allmende.people.models import Person
from allmende.stewards.actions import grant, open_claim
from allmende.suggestions.actions import propose_organisation, suggest_change
from allmende.suggestions.actions.pointing import Writer

HOST = "demo.example"
# Who they are, and what they look after: name -> (entry, role).
STEWARDS = {
    "anna": ("demo-hofladen-ackerglueck", Role.OWNER),
    "ben": ("demo-hofladen-ackerglueck", Role.EDITOR),
    "clara": ("demo-datengarten", Role.OWNER),
    "dora": ("demo-hausgemeinschaft-kranichbogen", Role.OWNER),
    "emil": ("demo-hofladen-ackerglueck", Role.MEMBER),
    "ida": ("demo-lieferkollektiv-windschatten", Role.OWNER),
    "jakob": ("demo-pflegegemeinschaft-aareblick", Role.OWNER),
    "kai": ("demo-lieferkollektiv-windschatten", Role.MEMBER),
    "lena": ("demo-naehwerkstatt-fadenlauf", Role.EDITOR),
}
ENGLISH = {"kai"}  # who reads and hears everything in English
CARETAKER, REGIONAL, CLAIMANT = "frida", "gustav", "hanna"


@transaction.atomic
def load() -> int:
    """People and what waits for them; nothing where the demo network is missing or a demo person is there already."""
    entries = {one.slug: one for one in Organisation.objects.filter(is_demo=True, state=State.PUBLISHED)}
    wanted = {slug for slug, _role in STEWARDS.values()} | {"demo-naehwerkstatt-fadenlauf"}
    if not wanted <= set(entries) or Person.objects.filter(email__endswith=f"@{HOST}").exists():
        return 0
    with translation.override("de"):
        people = {name: _person(name) for name in (*STEWARDS, CARETAKER, REGIONAL, CLAIMANT)}
        for name, (slug, role) in STEWARDS.items():
            grant(entries[slug], people[name], role=role, proof=Proof.GRANTED)
        Person.objects.filter(pk=people[CARETAKER].pk).update(is_caretaker=True)
        Caretaking.objects.create(person=people[REGIONAL], country="AT")
        _what_waits(entries, people)
    for person in people.values():
        outbox.forget(person.email)  # what they would have been told fills no terminal
    return len(people)


def _person(name: str) -> Person:
    language = "en" if name in ENGLISH else "de"
    person = Person.objects.create_user(f"{name}@{HOST}", name=f"{name.capitalize()} (Demo)", language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _what_waits(entries: dict[str, Organisation], people: dict[str, Person]) -> None:
    """One thing of each kind, so that no page is empty the first time."""
    shop = entries["demo-hofladen-ackerglueck"]
    note = Writer(uuid5(NAMESPACE_URL, f"https://{HOST}/1"))
    suggest_change(
        shop, {"founded": 2018, "summary": "Hofladen mit Abholkisten, der seinen Kund*innen gehört."}, by=note, reason="Stand im Rundbrief."
    )
    missing = {"name": "Werkstatt Wackelkontakt eG (Demo)", "sector": "digital", "summary": "Repariert Geräte gemeinsam."}
    propose_organisation(
        missing | {"town": "Wien", "country": "AT"}, by=Writer(uuid5(NAMESPACE_URL, f"https://{HOST}/2")), remark="Fehlt auf der Karte."
    )
    workshop = entries["demo-naehwerkstatt-fadenlauf"]
    open_claim(workshop, by=people[CLAIMANT], proof=Proof.GRANTED, message="Ich bin im Vorstand der Nähwerkstatt.")
    follow_search("country=DE", by=people["anna"])
