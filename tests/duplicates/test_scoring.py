"""The judgement on two entries: examples by rule, properties that hold for any two, sentences in both languages."""

import json
from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.duplicates.evidence import gather
from allmende.duplicates.portraits import domain, host, house_number, is_platform, own_host, page, register_number, street_words
from allmende.duplicates.rarity import NOTHING_COUNTED, Rarity
from allmende.duplicates.reasons import SENTENCES, Reason
from allmende.duplicates.scoring import Judgement, Portrait, Site, Verdict, compare, judge, weights

LINZ = Site("Waltherstraße 15", "4020", "Linz", "AT", 48.3033, 14.2881, "exact")
ELSEWHERE = replace(LINZ, street="Bischofstraße 7", lat=48.3105, lon=14.2925)
GRAZ = Site("Annenstraße 29", "8020", "Graz", "AT", 47.0721, 15.4283, "exact")
VAGUE = Site("", "", "Linz", "AT", 48.31, 14.30, "exact")


def two(one: str, other: str, **more: object) -> tuple[Portrait, Portrait]:
    """Two entries with these names at one address, `a_`/`b_` fields for one of them, others for both."""
    both = {"sites": (LINZ,)} | {key: value for key, value in more.items() if key[:2] not in {"a_", "b_"}}
    a = {key[2:]: value for key, value in more.items() if key.startswith("a_")}
    b = {key[2:]: value for key, value in more.items() if key.startswith("b_")}
    return Portrait(one, **(both | a)), Portrait(other, **(both | b))  # type: ignore[arg-type]


SAME, BRANCH, DIFFERENT = Judgement.SAME, Judgement.BRANCH, Judgement.DIFFERENT
EXAMPLES = [
    # the name: case, accents, spelling, legal form, order and joining of words do not count
    (two("Solidarwerkstatt Österreich", "SOLIDARWERKSTATT OESTERREICH"), SAME),
    (two("Kartoffelkombinat eG", "Kartoffelkombinat"), SAME),
    (two("Gemeinwohl-Ökonomie Linz", "Gemeinwohlökonomie Linz"), SAME),
    (two("Bees Coop", "Beescoop"), SAME),
    (two("vienna.transitionBASE", "transitionBASE Vienna"), SAME),
    (two("Kartofelkombinat eG", "Kartoffelkombinat"), SAME),
    (two("Arts Deli Theater", "Arts Delicatessen Theater"), SAME),
    # the same address with another name is somebody else
    (two("Wandeltreppe", "ProKonTra Hohenems"), DIFFERENT),
    (two("World Fair Trade Shop", "Attac Tirol"), DIFFERENT),
    (two("oekom verlag GmbH", "oekom e. V. - Verein für ökologische Kommunikation e. V."), DIFFERENT),
    # the same name at another address is another site, with what belongs to the operator shared or not
    (two("STATTAUTO Station", "STATTAUTO Station", b_sites=(ELSEWHERE,)), BRANCH),
    (two("STATTAUTO Station", "STATTAUTO Station", b_sites=(GRAZ,), website="https://stattauto-muenchen.de"), BRANCH),
    (two("CONTIGO Shop Linz", "CONTIGO Shop Graz", b_sites=(GRAZ,), a_website="linz.contigo.de", b_website="graz.contigo.de"), BRANCH),
    # but a point without a street may be off, and one of several sites is enough
    (two("Kartoffelkombinat eG", "Kartoffelkombinat eG", b_sites=(VAGUE,), website="kartoffelkombinat.de"), SAME),
    (two("Kartoffelkombinat eG", "Kartoffelkombinat eG", b_sites=(GRAZ, LINZ)), SAME),
    # towns and frequent words say little
    (two("Weltladen Lienz", "Weltladen Linz", b_sites=(GRAZ,)), DIFFERENT),
    (two("Infoladen Salzburg", "Südwind Salzburg", b_sites=(ELSEWHERE,)), DIFFERENT),
    (two("Ökomarkt Ostertor", "Ökomarkt Steintor", b_sites=(ELSEWHERE,)), DIFFERENT),
    # platforms and umbrellas say nothing, an own website says much
    (two("Wandeltreppe", "Allmende Andritz", b_sites=(GRAZ,), website="https://facebook.com/x"), DIFFERENT),
    (two("Wandeltreppe", "Allmende Andritz", b_sites=(GRAZ,), website="https://urbanes-gaertnern.at"), DIFFERENT),
    # registers
    (two("Alter Name eG", "Neuer Name eG", b_sites=(GRAZ,), register="HRB 123456"), SAME),
    (two("Wohnbau eG", "Wohnbau eG", a_register="GnR 123", b_register="GnR 124"), Judgement.UNSURE),
    (two("Filiale 12 Nord", "Filiale 14 Nord"), DIFFERENT),
]


@pytest.mark.parametrize(("pair", "expected"), EXAMPLES, ids=[f"{a.name} / {b.name}"[:60] for (a, b), _expected in EXAMPLES])
def test_examples(pair: tuple[Portrait, Portrait], expected: Judgement) -> None:
    verdict = compare(*pair)
    assert (verdict.judgement, compare(*reversed(pair)).judgement) == (expected, expected), verdict


def test_a_project_in_the_house_of_another_is_a_question_for_people() -> None:
    a, b = two(
        "OpenLab Reininghaus", "garden.lab Reininghaus", website="https://openlabreininghaus.wordpress.com", a_email="x", b_email="y"
    )
    assert compare(a, b).judgement == Judgement.UNSURE


def test_a_host_of_many_entries_no_longer_speaks_for_the_same() -> None:
    a, b = two("Laden Nord", "Laden am Nordring", website="https://dachverband.at", b_sites=(ELSEWHERE,))
    rare, shared = compare(a, b, Rarity(hosts={"dachverband.at": 2})), compare(a, b, Rarity(hosts={"dachverband.at": 40}))
    assert shared.score < rare.score
    assert "website_shared" in {reason.key for reason in shared.reasons}


def test_a_word_that_this_house_sees_often_says_less() -> None:
    seldom, often = NOTHING_COUNTED.weight("sonnenkollektiv"), Rarity({"sonnenkollektiv": 5_000}, {}, 20_000).weight("sonnenkollektiv")
    assert seldom == 1.0 and often < 0.25
    assert NOTHING_COUNTED.weight("energie") < 0.7 and NOTHING_COUNTED.weight("weltladen") < 0.6


@pytest.mark.parametrize(
    ("same", "branch", "expected"),
    [(0.9, 0.1, "same"), (0.5, 0.5, "same"), (0.4, 0.3, "unsure"), (0.3, 0.6, "branch"), (0.2, 0.3, "different"), (0.0, 0.0, "different")],
)
def test_the_word_for_two_probabilities(same: float, branch: float, expected: str) -> None:
    assert str(judge(same, branch)) == expected


def test_every_weight_belongs_to_a_fact_that_exists() -> None:
    facts: set[str] = set()
    for pair, _expected in EXAMPLES:
        facts |= gather(*pair, NOTHING_COUNTED).facts.keys()
    silent = {
        "email_same",
        "email_differs",
        "phone_same",
        "phone_differs",
        "postcode_same",
        "country_differs",
        "website_differs",
        "website_pages",
        "website_shared",
    }
    assert set(weights()["same"]) | set(weights()["branch"]) - {""} <= facts | silent | {"", "one_house", "same_door", "forms_differ"}


# ------------------------------------------------------------------------------------------------------------ properties

WORDS = st.sampled_from("Solidar Werkstatt Laden eG e.V. Linz Graz Öko Garten Neue 12 Bürger Energie".split())
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
SITES = st.lists(st.sampled_from([LINZ, ELSEWHERE, GRAZ, VAGUE, Site(), Site(town="Linz")]), max_size=2).map(tuple)
PORTRAITS = st.builds(
    Portrait,
    name=NAMES,
    legal_name=st.one_of(st.just(""), NAMES),
    sites=SITES,
    website=st.sampled_from(["", "https://a.example", "https://b.a.example/x", "facebook.com/y", "kein Netz"]),
    email=st.sampled_from(["", "geheim-1", "geheim-2"]),
    phone=st.sampled_from(["", "geheim-3", "geheim-4"]),
    register=st.sampled_from(["", "GnR 1", "GnR 2"]),
)


@settings(max_examples=150)
@given(PORTRAITS, PORTRAITS)
def test_who_comes_first_makes_no_difference(a: Portrait, b: Portrait) -> None:
    one, other = compare(a, b), compare(b, a)
    assert one.judgement == other.judgement
    assert one.score == pytest.approx(other.score) and one.branch == pytest.approx(other.branch)


@settings(max_examples=150)
@given(PORTRAITS, PORTRAITS)
def test_probabilities_are_probabilities_and_reasons_keep_secrets(a: Portrait, b: Portrait) -> None:
    verdict = compare(a, b)
    assert 0 <= verdict.score <= 1 and 0 <= verdict.branch <= 1 and verdict.score + verdict.branch <= 1.000001
    said = " ".join(str(reason) for reason in verdict.reasons) + json.dumps([reason.as_json() for reason in verdict.reasons])
    assert "geheim" not in said


@settings(max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_any_text_can_be_compared(one: str, other: str, website: str) -> None:
    assert isinstance(compare(Portrait(one, website=website), Portrait(other, website=website)), Verdict)


@given(NAMES.filter(lambda name: any(len(word) > 4 for word in name.split())))
def test_an_entry_is_the_same_as_itself_at_its_address(name: str) -> None:
    portrait = Portrait(name, sites=(LINZ,), website="https://eigen.example")
    assert compare(portrait, portrait).judgement == SAME


# --------------------------------------------------------------------------------------------------------------- reasons


def test_reasons_are_sentences() -> None:
    a, b = two("Slow Food Linz", "Slow Food Graz", a_phone="1", b_phone="1", website="https://slowfood.example", b_sites=(GRAZ,))
    with translation.override("en"):
        assert [str(reason) for reason in compare(a, b).reasons] == [
            "The names differ in the place: “Linz” and “Graz”",
            "The same website slowfood.example, but 161 km apart",
            "The same phone number",
            "Different addresses: Waltherstraße 15, 4020 Linz and Annenstraße 29, 8020 Graz",
        ]


def test_a_reason_comes_back_from_json() -> None:
    kept = json.loads(json.dumps(Reason("far", {"km": 3.2}, -1).as_json()))
    assert Reason.from_json(kept) == Reason("far", {"km": 3.2}, -1)
    with translation.override("de"):
        assert "3,2" in str(Reason.from_json(kept))
    with translation.override("en"):
        assert "3.2" in str(Reason.from_json(kept))


def test_a_reason_of_an_older_house_does_no_harm() -> None:
    assert str(Reason.from_json(["long_gone", {"x": 1}]))
    assert str(Reason.from_json(["far", {}]))


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_can_be_said(key: str) -> None:
    values = dict.fromkeys(("shared", "one", "other", "number", "host", "address", "postcode", "metres", "km"), "x")
    assert "%" not in str(Reason(key, values))


# --------------------------------------------------------------------------------------------------- websites, addresses


@pytest.mark.parametrize(
    ("website", "expected"),
    [
        ("https://www.Beispiel.DE/kontakt", "beispiel.de"),
        ("beispiel.de", "beispiel.de"),
        ("http://beispiel.de:8000", "beispiel.de"),
        ("http://www.stattauto-muenchen.de/ \u200e", "stattauto-muenchen.de"),
        ("update6", ""),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_hosts(website: str, expected: str) -> None:
    assert host(website) == expected


def test_platforms_are_nobodys_own_website() -> None:
    assert own_host("https://www.facebook.com/wir") == ""
    assert own_host("https://wir.wordpress.com") == "wir.wordpress.com"
    assert is_platform("wir.wordpress.com") and not is_platform("wir.example")
    assert domain("dresden.contigo.de") == "contigo.de" and domain("a.b.co.uk") == "b.co.uk"


def test_pages_of_a_website() -> None:
    assert page("https://suedwind.at/steiermark/") == "steiermark"
    assert page("https://gwoe.at/sites/index.php") == page("https://gwoe.at") == ""


def test_streets_and_numbers() -> None:
    assert street_words("Kaiser-Franz-Josef Straße 29") == street_words("Kaiser Franz Josef Str. 29")
    assert house_number("Brecherspitzstraße 8a") == "8" and house_number("Am Steinfeld") == ""
    assert register_number("0525 R") == register_number("525R") == "525r"
    assert register_number("GnR 00123") == "gnr123" and register_number("Amtsgericht") == ""
