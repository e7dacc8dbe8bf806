"""What must not come out, and who may read it: an own small table, so that the rules of the house are judged and not repeated.

A secret is a word of small ASCII letters that stands nowhere else, or a number. However an answer writes it (percent, entities, JSON),
the word stays the same, so finding it is enough; and all words end alike, so that most answers are searched in one go.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

# Everybody who looks. The entries called "Offen …" are in Bayern and belong to the network "Bund eG".
GUEST = "guest"
STRANGER = "stranger"  # signed in, belongs nowhere
OUTSIDER = "outsider"  # owner of an entry outside any network
NEIGHBOUR = "neighbour"  # owner of another entry of the same network
NETWORK = "network"  # owner of the network itself
FORMER = "former"  # looked after the entries until last year
ELSEWHERE = "elsewhere"  # caretaker of another region
MEMBER = "member"
EDITOR = "editor"
OWNER = "owner"
REGION = "region"  # caretaker of the region of the entries
CARETAKER = "caretaker"  # of the house

WRITER = "writer"  # a member who wrote all that is being decided; walks only where things are decided
SECOND = "second"  # another member, who supports and votes and never looks
LEFT = "left"  # was a member, and is on the roll of a ballot of that time; walks there, too

VIEWERS = (GUEST, STRANGER, OUTSIDER, NEIGHBOUR, NETWORK, FORMER, ELSEWHERE, MEMBER, EDITOR, OWNER, REGION, CARETAKER)
FOREIGN = (GUEST, STRANGER, OUTSIDER, NEIGHBOUR, NETWORK, FORMER, ELSEWHERE)

MARK = "qxj"
"""The end of every word that is secret."""

Circle = frozenset[str]
NOBODY: Circle = frozenset()
EVERYBODY: Circle = frozenset(VIEWERS) | {WRITER, SECOND, LEFT}
HOUSE: Circle = frozenset({CARETAKER})
CARETAKERS: Circle = frozenset({REGION, CARETAKER})
OWNERS: Circle = CARETAKERS | {OWNER}
STEWARDS: Circle = OWNERS | {EDITOR}
TEAM: Circle = STEWARDS | {MEMBER}
SEES: dict[str, Circle] = {
    "public": EVERYBODY,
    "network": TEAM | {NEIGHBOUR, NETWORK},
    "members": TEAM,
    "stewards": STEWARDS,
}
"""Who reads a field of an "Offen" entry, by the level chosen for it."""

FIELDS = {
    "description": "zaubernuss",
    "description_en": "witchhazel",
    "website": "gruenspecht",
    "email": "flaschenpost",
    "phone": "",
    "street": "eulengasse",
    "label": "hinterhaus",
    "postcode": "",
    "lat": "",
    "lon": "",
    "founded": "",
    "register": "xenolith",
    "legal_name": "quarzbund",
}
"""The hideable fields in the parts that are written, each with its word; numbers are made from the number of the entry."""

OF_FIELD = {"description_en": "description", "street": "address", "label": "address", "postcode": "address", "lat": "address"}
OF_FIELD |= {"lon": "address", "legal_name": "register"}


@dataclass(frozen=True)
class Secret:
    """A word, what it is in one line, who may read it; and its kind: some links of letters show one kind to whoever has the link."""

    word: str
    what: str
    sees: Circle
    kind: str = ""


@dataclass
class Secrets:
    """All of a scene."""

    by_word: dict[str, Secret] = field(default_factory=dict)

    def keep(self, word: str, what: str, sees: Iterable[str] = NOBODY, kind: str = "") -> str:
        """Note a secret and give back its word, to be written into the scene."""
        if not word[0].isdigit() and not word.endswith(MARK):
            word += MARK
        assert word not in self.by_word or self.by_word[word].what == what, word
        self.by_word[word] = Secret(word, what, frozenset(sees), kind)
        return word


def values(number: int, ending: str = "") -> dict[str, str]:
    """The secret of each field of one entry; `number` (1 to 9) and `ending` tell the entries apart."""
    made = {name: f"{word}{ending}{number}{MARK}" for name, word in FIELDS.items()}
    old = 5 if ending else 0  # earlier values of the same entry
    return made | {
        "phone": f"7{number}{old}40918{number}",
        "postcode": f"8{number}{old}97",
        "lat": f"48.{number}{old}7531",
        "lon": f"11.{number}{old}8642",
        "founded": f"1{number}{old}7",
    }
