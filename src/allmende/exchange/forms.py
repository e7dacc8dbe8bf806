"""The shape of an offer or a need, of ending it, of extending it, and of looking for one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.directory import queries as directory
from allmende.directory.audience import Audience
from allmende.directory.models import Organisation, Term, Tree
from allmende.directory.models import State as EntryState
from allmende.exchange import access, queries, rules
from allmende.exchange.models import Direction, Listing, Terms
from allmende.ground.text import clean
from allmende.people.models import Person
from allmende.places.queries import find_place
from allmende.web.forms import HouseForm

Choices = list[tuple[str, Any]]

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ListingForm(HouseForm):
    """An offer or a need: what it is, where and until when, who writes and for whom."""

    use_required_attribute = False

    direction = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        widget=forms.RadioSelect,
        choices=[
            (Direction.OFFER, gettext_lazy("Offer: we give something")),
            (Direction.NEED, gettext_lazy("Need: we look for something")),
        ],
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=140, help_text=gettext_lazy("What it is in a few words, as you would tell a neighbour.")
    )
    text = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea({"rows": 7}),
        help_text=gettext_lazy("How much, how often, in which state, what is needed for it. **Bold**, lists with - and links work."),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    tags = forms.CharField(
        label=gettext_lazy("Keywords"),
        required=False,
        max_length=600,
        help_text=gettext_lazy("At most 12, with commas between them. Others find it by these, too."),
    )
    sdgs = forms.MultipleChoiceField(
        label=gettext_lazy("Sustainable Development Goals"), required=False, widget=forms.CheckboxSelectMultiple
    )
    town = forms.CharField(
        label=gettext_lazy("Town or postcode"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Where it is, or where it is needed."),
    )
    radius = forms.IntegerField(
        label=gettext_lazy("How far around, in kilometres"), min_value=1, max_value=2_000, required=False, initial=50
    )
    is_remote = forms.BooleanField(label=gettext_lazy("Works from a distance"), required=False)
    until = forms.DateField(
        label=gettext_lazy("Valid until"), widget=DAY, help_text=gettext_lazy("One year at most. You can extend it at any time.")
    )
    terms = forms.ChoiceField(label=gettext_lazy("In return"), widget=forms.RadioSelect, choices=Terms.choices)
    terms_note = forms.CharField(
        label=gettext_lazy("Note on this"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example a price, what you would like in exchange, or the licence."),
    )
    writer = forms.ChoiceField(label=gettext_lazy("Who writes?"))
    person_name = forms.CharField(
        label=gettext_lazy("Your name as it shall be shown"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Only if you write in your own name. Without one, only your organisation is shown."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may see it?"), widget=forms.RadioSelect, choices=Audience.choices, initial=Audience.PUBLIC
    )
    chosen = forms.CharField(
        label=gettext_lazy("Organisations we choose"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One in each line: its name, or its address on this map. Only needed for “Only organisations we choose”."),
    )

    def __init__(self, data: Any = None, *, viewer: Person, listing: Listing | None = None, initial: dict[str, Any] | None = None) -> None:
        self.viewer, self.listing = viewer, listing
        first = initial_from(listing) if listing else {"until": timezone.localdate() + rules.USUAL, "radius": 50}
        super().__init__(data, initial=first | (initial or {}))
        self._choices("category", [("", _("Please choose")), *categories()])
        self._choices("sdgs", [(term.key, f"{term.key}. {term.name}") for term in Term.objects.filter(tree=Tree.SDG)])
        if listing:
            del self.fields["direction"], self.fields["writer"]
            if listing.person_id != viewer.pk:
                del self.fields["person_name"]
        else:
            self.writers = writers(viewer)
            self._choices("writer", self.writers)

    def _choices(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # all of these are choice fields

    def clean_tags(self) -> list[str]:
        """Keywords as a list."""
        tags = rules.tags_of(clean(self.cleaned_data["tags"]))
        if len(tags) > rules.MOST_TAGS:
            raise forms.ValidationError(_("Please use at most %(n)d keywords.") % {"n": rules.MOST_TAGS})
        if long := next((tag for tag in tags if len(tag) > rules.LONGEST_TAG), ""):
            raise forms.ValidationError(_("“%(tag)s…” is too long for a keyword: at most 40 characters.") % {"tag": long[:20]})
        return tags

    def clean_until(self) -> date:
        """Between today and in a year."""
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not rules.is_good_end(until, today):
            latest = date_format(today + rules.LONGEST, "DATE_FORMAT")
            raise forms.ValidationError(_("Please choose a day between today and %(latest)s.") % {"latest": latest})
        return until

    def clean(self) -> dict[str, Any]:
        """Place, chosen organisations and the writer as the things they mean."""
        said = super().clean()
        self._find_place(said)
        if said.get("audience") == Audience.CHOSEN:
            said["chosen"] = self._find_organisations(said.get("chosen", ""))
        else:
            said["chosen"] = []
        if "writer" in said:
            kind, _colon, pk = said["writer"].partition(":")
            said["as_member"], said["organisation"] = kind == "m", Organisation.objects.get(pk=pk)
        if "category" in said and said["category"]:
            said["category"] = Term.objects.get(tree=Tree.EXCHANGE, key=said["category"])
        if "sdgs" in said:
            said["sdgs"] = list(Term.objects.filter(tree=Tree.SDG, key__in=said["sdgs"]))
        if said.get("as_member") is False:
            said["person_name"] = ""
        said["radius"] = said.get("radius") or 50
        return said

    def _find_place(self, said: dict[str, Any]) -> None:
        said["lat"] = said["lon"] = None
        town = said.get("town", "")
        if not town:
            if not said.get("is_remote") and "town" not in self.errors:
                self.add_error("town", _("Please write a town, or tick “Works from a distance”."))
            return
        if self.listing and town == self.listing.town and self.listing.lat is not None:
            said["lat"], said["lon"] = self.listing.lat, self.listing.lon
            return
        if place := find_place(town):
            said["lat"], said["lon"] = round(place.lat, 4), round(place.lon, 4)  # about ten metres: nobody needs to know it finer
        else:
            self.add_error("town", _("This place is not known here. Please write a larger town nearby, or a postcode."))

    def _find_organisations(self, text: str) -> list[Organisation]:
        found: dict[int, Organisation] = {}
        names = [line.strip() for line in text.splitlines() if line.strip()]
        for name in names[:100]:
            meant = directory.called(self.viewer, name)
            if not meant:
                self.add_error("chosen", _("“%(name)s” is not on this map.") % {"name": name[:80]})
            elif len(meant) > 1:
                sentence = _("Several entries are called “%(name)s”. Please write the address of the one you mean: %(addresses)s")
                addresses = ", ".join(f"/o/{one.slug}/" for one in meant)
                self.add_error("chosen", sentence % {"name": name[:80], "addresses": addresses})
            else:
                found[meant[0].pk] = meant[0]
        if not names:
            self.add_error("chosen", _("Please name the organisations that may see this."))
        return list(found.values())

    def what(self) -> Iterator[forms.BoundField]:
        """The first group: what it is."""
        return (self[name] for name in ("direction", "title", "text", "category", "tags") if name in self.fields)

    def who(self) -> Iterator[forms.BoundField]:
        """The last group: who writes, for whom."""
        return (self[name] for name in ("writer", "person_name", "audience", "chosen") if name in self.fields)


def initial_from(listing: Listing) -> dict[str, Any]:
    """What the form says of a listing that is there."""
    plain = ("title", "text", "town", "radius", "is_remote", "until", "terms", "terms_note", "person_name", "audience")
    return {name: getattr(listing, name) for name in plain} | {
        "category": listing.category.key,
        "tags": ", ".join(listing.tags),
        "sdgs": [term.key for term in listing.sdgs.all()],
        "chosen": "\n".join(f"/o/{one.slug}/" for one in listing.chosen.order_by("name")),
    }


def categories() -> Choices:
    """The categories under their headings, as a select shows them."""
    terms = list(Term.objects.filter(tree=Tree.EXCHANGE))
    heads = [term for term in terms if term.parent_id is None]
    return [
        (
            head.name,
            [
                (head.key, _("%(category)s in general") % {"category": head.name}),
                *((one.key, one.name) for one in terms if one.parent_id == head.pk),
            ],
        )
        for head in heads
    ]


def heads() -> Choices:
    """The headings of the categories: key and name."""
    return [(term.key, term.name) for term in Term.objects.filter(tree=Tree.EXCHANGE, parent=None)]


def writers(viewer: Person) -> Choices:
    """In whose name this person may write: the organisations they look after, and themselves as a member of each they belong to."""
    found = list(access.organisations_to_write_for(viewer).order_by("name"))
    kept = set(access.looked_after(viewer).values_list("pk", flat=True))
    names = [(f"o:{one.pk}", one.name) for one in found if one.pk in kept]
    return [*names, *((f"m:{one.pk}", _("in my own name, as a member of %(name)s") % {"name": one.name}) for one in found)]


class EndForm(HouseForm):
    """How it ended, and what came of it."""

    use_required_attribute = False

    how = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        widget=forms.RadioSelect,
        choices=[
            (rules.AGREED, gettext_lazy("We have found somebody and agreed")),
            (rules.CLOSED, gettext_lazy("It is settled otherwise, or no longer holds")),
        ],
    )
    note = forms.CharField(
        label=gettext_lazy("What came of it?"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("One sentence for others. Please name nobody who does not want it."),
    )


class UntilForm(HouseForm):
    """Until when it is valid from now on."""

    use_required_attribute = False

    until = forms.DateField(label=gettext_lazy("Valid until"), widget=DAY)

    clean_until = ListingForm.clean_until


class ReasonForm(HouseForm):
    """Why network management takes something off."""

    use_required_attribute = False

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Those whose it is read this."),
    )


# -------------------------------------------------------------------------------------------------------------- looking


def selects(filters: queries.Filters) -> dict[str, Any]:
    """The selects of the filter form: (value, label, whether chosen)."""
    terms = [(value, label, value == filters.terms) for value, label in Terms.choices]
    sorts: list[tuple[str, Any, bool]] = [
        ("", _("newest first"), not filters.sort),
        ("ending", _("ending first"), filters.sort == "ending"),
    ]
    if filters.near:
        sorts.append(("near", _("nearest first"), filters.sort == "near"))
    heads = [(head, [(key, label, key == filters.category) for key, label in options]) for head, options in categories()]
    return {"terms": terms, "categories": heads, "sorts": sorts, "radii": [(km, km == filters.radius) for km in queries.RADII]}


def chips(filters: queries.Filters) -> list[tuple[str, str]]:
    """What is filtered, in words, each with the query without it."""
    found: list[tuple[str, str]] = []
    if filters.q:
        found.append((_("“%(words)s”") % {"words": filters.q}, filters.to_query(q="")))
    if filters.direction:
        found.append((str(Direction(filters.direction).label), filters.to_query(direction="")))
    if filters.category:
        term = Term.objects.filter(tree=Tree.EXCHANGE, key=filters.category).first()
        found.append((term.name if term else filters.category, filters.to_query(category="")))
    if filters.terms:
        found.append((str(Terms(filters.terms).label), filters.to_query(terms="")))
    if filters.remote:
        found.append((_("from a distance"), filters.to_query(remote="")))
    if filters.near:
        label = _("%(place)s, %(km)d km around") % {"place": filters.near.town or filters.place, "km": filters.radius}
        found.append((label, filters.to_query(place="", radius="", sort="")))
    if filters.organisation:
        item = Organisation.objects.filter(slug=filters.organisation, state=EntryState.PUBLISHED).first()
        found.append((item.name if item else filters.organisation, filters.to_query(organisation="")))
    if filters.past:
        found.append((_("no longer open"), filters.to_query(state="")))
    if filters.box:
        found.append((_("a part of the map"), filters.to_query(bbox="")))
    return found
