"""By which stems listings are found: written with each listing, asked in the same way on every database.

A listing is found by the German and English stems of its title, text, keywords, place and category. What people look for is met by a
stem that is the same or begins so, by one that ends so from three letters on (the last part says what a German compound is: `Rad` finds
`Lastenrad`), and by one that holds it from four letters on.
"""

from django.db.models import Q, QuerySet

from allmende.directory.models import Term
from allmende.exchange.models import Listing, Occurrence, Stem
from allmende.ground.bulk import insert
from allmende.ground.text import stems, words

LONGEST_STEM = 60
MOST_STEMS = 600  # of one listing
WORDS_ASKED = 8
AT_THE_END, INSIDE = 3, 4  # letters from which on a word is also looked for there in compounds
MOST_MEANT = 500  # stems that one word may stand for


def stems_of(listing: Listing, category: Term) -> set[str]:
    """Everything this listing is found by."""
    spoken = (listing.title, listing.town, " ".join(listing.tags), category.name_de, category.name_en, *category.synonyms, listing.text)
    found: dict[str, None] = {}
    for word in words(" ".join(spoken)):
        found.update(dict.fromkeys(stem for stem in stems(word) if len(stem) <= LONGEST_STEM))
    return set(list(found)[:MOST_STEMS])


def note(listing: Listing) -> None:
    """Let this listing be found by what it says now, and by nothing else."""
    wanted = stems_of(listing, listing.category)
    known = dict(Occurrence.objects.filter(listing=listing).values_list("stem__text", "pk"))
    Occurrence.objects.filter(pk__in=[pk for text, pk in known.items() if text not in wanted]).delete()
    new = sorted(wanted - set(known))
    Stem.objects.bulk_create([Stem(text=text) for text in new], ignore_conflicts=True)
    pks = Stem.objects.filter(text__in=new).values_list("pk", flat=True)
    insert([Occurrence(stem_id=pk, listing=listing) for pk in pks])


def matching(found: QuerySet[Listing], text: str) -> QuerySet[Listing]:
    """Those among these that hold every word of the text; all of them where it has none."""
    asked = words(text)[:WORDS_ASKED]
    if text and not asked:
        return found.none()
    for word in asked:
        found = found.filter(pk__in=Occurrence.objects.filter(stem__in=_meant(word)).values("listing"))
    return found


def _meant(word: str) -> list[int]:
    same = stems(word)
    met = Q(text__in=same)
    for stem in same:
        if len(stem) >= INSIDE:
            met |= Q(text__contains=stem)
        elif len(stem) > 1:
            met |= Q(text__startswith=stem)
            met |= Q(text__endswith=stem) if len(stem) >= AT_THE_END else Q()
    return list(Stem.objects.filter(met).values_list("pk", flat=True)[:MOST_MEANT])


def forget_unused() -> int:
    """Take stems out that no listing has any more; says how many."""
    return Stem.objects.exclude(pk__in=Occurrence.objects.values("stem")).delete()[0]
