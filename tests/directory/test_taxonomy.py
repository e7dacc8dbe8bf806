"""The common words: complete, unambiguous, found by what people and other directories write."""

import json
from collections import defaultdict

import pytest

from allmende.directory import taxonomy
from allmende.directory.models import Kind, Term, Tree
from allmende.ground.text import words

ROWS = json.loads(taxonomy.FILE.read_text(encoding="utf-8"))

SECTORS = {
    "digital", "energy", "food", "housing", "finance", "retail", "work", "health", "education_culture", "media", "mobility", "crafts",
    "community", "network", "other",
}  # fmt: skip
LEGAL_FORMS = {
    "eg", "sce", "gmbh", "ggmbh", "ug", "ag", "ev", "stiftung", "scop", "scic", "coop_ch", "gen_at", "coop_it", "coop_es", "cooperative_be",
    "cooperative", "society_uk", "company_uk", "ass_fr", "llc", "none", "other",
}  # fmt: skip
COOPERATION = {
    "worker", "consumer", "producer", "housing", "multi_stakeholder", "platform", "energy", "data", "secondary", "purchasing",
    "community_supported", "credit", "marketing", "self_employed",
}  # fmt: skip


@pytest.fixture
def loaded(db: None) -> None:
    taxonomy.ensure()


def key(tree: Tree, text: str | None) -> str | None:
    found = taxonomy.match(tree, text)
    return found.key if found else None


@pytest.mark.parametrize(
    ("tree", "keys"),
    [("sector", SECTORS), ("legal_form", LEGAL_FORMS), ("cooperation", COOPERATION), ("sdg", {str(number) for number in range(1, 18)})],
)
def test_every_promised_key_is_there_and_no_other(tree: str, keys: set[str]) -> None:
    assert {row["key"] for row in ROWS if row["tree"] == tree} == keys


def test_every_word_leads_to_one_term_only() -> None:
    meant = defaultdict(set)
    for row in ROWS:
        codes = [code for listed in row["codes"].values() for code in listed]
        for text in (row["key"], row["name_de"], row["name_en"], *row["synonyms"], *codes):
            meant[row["tree"], " ".join(word for word in words(text) if word not in {"and", "und"})].add(row["key"])
    assert {word: terms for word, terms in meant.items() if len(terms) > 1} == {}


def test_every_activity_stands_below_a_sector() -> None:
    parents = {row["parent"] for row in ROWS if row["tree"] == "activity"}
    assert parents <= {f"sector/{name}" for name in SECTORS}


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_ids() -> None:
    assert taxonomy.load() == len(ROWS)
    ids = dict(Term.objects.values_list("pk", "key"))
    assert taxonomy.load() == 0
    assert dict(Term.objects.values_list("pk", "key")) == ids


@pytest.mark.django_db
def test_a_changed_word_comes_back_to_the_file_under_its_old_id(loaded: None) -> None:
    pk = taxonomy.by_key(Tree.SECTOR, "digital").pk
    Term.objects.filter(pk=pk).update(name_de="Krimskrams")
    assert taxonomy.load() == 1
    assert taxonomy.by_key(Tree.SECTOR, "digital").pk == pk
    assert taxonomy.by_key(Tree.SECTOR, "digital").name_de == "Digitales"


@pytest.mark.parametrize("number", range(10, 300, 10))
def test_every_ica_code_names_a_sector(loaded: None, number: int) -> None:
    assert key(Tree.SECTOR, f"ICA{number}") in SECTORS


@pytest.mark.parametrize("number", [*range(10, 250, 10), 115])
def test_every_structure_code_names_a_kind(loaded: None, number: int) -> None:
    assert isinstance(taxonomy.kind_of(f"OS{number}"), Kind)


@pytest.mark.parametrize("number", [60, 70, 80, 90, 100, 110, 140, 150, 180, 190, 200, 210, 240])
def test_structures_with_an_owner_name_a_form_of_cooperation(loaded: None, number: int) -> None:
    assert key(Tree.COOPERATION, f"OS{number}") in COOPERATION


@pytest.mark.parametrize(
    ("tree", "text", "expected"),
    [
        (Tree.SECTOR, "https://dev.lod.coop/essglobal/2.1/standard/activities-ica/ICA210", "housing"),
        (Tree.SECTOR, "http://purl.org/essglobal/standard/activities-ica/ICA230/", "energy"),
        (Tree.SECTOR, "Membership associations, social clubs and trade unions", "community"),
        (Tree.SECTOR, "Food & Agriculture", "food"),
        (Tree.SECTOR, "community_garden", "food"),
        (Tree.SECTOR, "amenity=car_sharing", "mobility"),
        (Tree.SECTOR, "sic=62012", "digital"),
        (Tree.SECTOR, "sic=UKSIC07-9499", "community"),
        (Tree.SECTOR, "nace=D35.11", "energy"),
        (Tree.SECTOR, "Solawi", "food"),  # an activity's word names its sector
        (Tree.SECTOR, "DIGITALES", "digital"),
        (Tree.SECTOR, "2018", None),
        (Tree.SECTOR, "  ", None),
        (Tree.SECTOR, None, None),
        (Tree.SECTOR, "Quantenschaum", None),
        (Tree.ACTIVITY, "Web hosting", "hosting"),
        (Tree.ACTIVITY, "Brauerei", "food_production"),
        (Tree.ACTIVITY, "nace=56.30", "gastronomy"),
        (Tree.COOPERATION, "https://dev.lod.coop/essglobal/2.1/standard/base-membership-type/BMT30", "worker"),
        (Tree.COOPERATION, "Tenants", "housing"),
        (Tree.COOPERATION, "BMT60", None),
        (Tree.LEGAL_FORM, "e. V.", "ev"),
        (Tree.LEGAL_FORM, "Eingetragene Genossenschaft", "eg"),
        (Tree.LEGAL_FORM, "Society", "society_uk"),
        (Tree.LEGAL_FORM, "OS130", "society_uk"),
        (Tree.SDG, "SDG 7", "7"),
        (Tree.SDG, "climate action", "13"),
    ],
)
def test_words_and_foreign_codes_find_their_term(loaded: None, tree: Tree, text: str | None, expected: str | None) -> None:
    assert key(tree, text) == expected


def test_several_words_give_each_term_once(loaded: None) -> None:
    assert [term.key for term in taxonomy.matches(Tree.SECTOR, ["Energie", "ICA230", "nichts", None, "Wohnen"])] == ["energy", "housing"]


def test_above_an_activity_stands_its_sector(loaded: None) -> None:
    assert [str(term.key) for term in taxonomy.ancestors(taxonomy.by_key(Tree.ACTIVITY, "hosting"))] == ["digital"]
    assert taxonomy.ancestors(taxonomy.by_key(Tree.SECTOR, "digital")) == []


def test_an_unknown_key_is_refused(loaded: None) -> None:
    with pytest.raises(Term.DoesNotExist):
        taxonomy.by_key(Tree.SECTOR, "nichts")


def test_a_term_of_the_caretakers_is_found_at_once(loaded: None) -> None:
    assert taxonomy.match(Tree.ACTIVITY, "Imkereibedarf") is None
    Term.objects.create(tree=Tree.ACTIVITY, key="bee_supplies", name_de="Imkereibedarf", name_en="Bee supplies")
    assert key(Tree.ACTIVITY, "Imkereibedarf") == "bee_supplies"


def test_asking_again_needs_no_query(loaded: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    taxonomy.match(Tree.SECTOR, "ICA10")
    with django_assert_num_queries(0):
        assert key(Tree.SECTOR, "ICA210") == "housing"
        taxonomy.ancestors(taxonomy.by_key(Tree.ACTIVITY, "hosting"))
