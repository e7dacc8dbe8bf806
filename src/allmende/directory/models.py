"""Organisations and what is known of them: places, terms, sources, records, revisions.

One idea carries the whole: an organisation and its members. A network is an organisation whose members are organisations.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from allmende.ground.text import reads_english


class Kind(models.TextChoices):
    """What an organisation is, whatever its legal form."""

    COOPERATIVE = "cooperative", _("Cooperative")
    COMPANY = "company", _("Company")
    ASSOCIATION = "association", _("Association")
    INITIATIVE = "initiative", _("Initiative")
    FOUNDATION = "foundation", _("Foundation")
    PUBLIC_BODY = "public_body", _("Public body")
    NETWORK = "network", _("Network")


class State(models.TextChoices):
    """Whether an entry can be seen. A merged one keeps its address and leads to the other."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    MERGED = "merged", _("Merged")


class Visibility(models.TextChoices):
    """Who sees a field: public < network < members < stewards."""

    PUBLIC = "public", _("Everybody")
    NETWORK = "network", _("Signed-in people of the network")
    MEMBERS = "members", _("Members of the organisation")
    STEWARDS = "stewards", _("Those who look after the entry")


class Precision(models.TextChoices):
    """How exact a point is. Never claimed finer than its source."""

    EXACT = "exact", _("exact address")
    POSTCODE = "postcode", _("centre of the postcode area")
    TOWN = "town", _("centre of the town")
    COUNTRY = "country", _("centre of the region or country")


class Tree(models.TextChoices):
    """The trees of the taxonomy."""

    SECTOR = "sector", _("Sector")
    ACTIVITY = "activity", _("Activity")
    LEGAL_FORM = "legal_form", _("Legal form")
    COOPERATION = "cooperation", _("Form of cooperation")
    SDG = "sdg", _("Sustainable Development Goal")
    EXCHANGE = "exchange", _("Category of offers and needs")


class Term(models.Model):
    """A word of the common taxonomy, in German and English, with its codes in foreign vocabularies.

    `codes` maps a vocabulary to its codes, e.g. {"ica": ["ICA230"], "os": ["OS60"], "nace": ["D35"], "osm": ["shop=supermarket"]}.
    """

    tree = models.CharField(max_length=20, choices=Tree.choices)
    key = models.SlugField(max_length=60)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name_de = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    note_de = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    synonyms = models.JSONField(default=list, blank=True)
    codes = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering: ClassVar = ["tree", "position", "name_de"]
        constraints = [models.UniqueConstraint(fields=["tree", "key"], name="term_key_once_per_tree")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The label in the reader's language."""
        return self.name_en if reads_english() else self.name_de


class Source(models.Model):
    """Where entries came from: a register, a map, a file. Its licence stays with every record."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=60)
    attribution = models.CharField(max_length=300, blank=True)
    share_alike = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """An entry of the map: an enterprise, an initiative or a network. Its uuid is the stable public id."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    legal_name = models.CharField(_("Registered name"), max_length=250, blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices, default=Kind.COOPERATIVE)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.PUBLISHED)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    summary = models.CharField(_("In one sentence"), max_length=300, blank=True)
    description = models.TextField(_("Description"), blank=True, max_length=20_000)
    # Own words in the other language; empty where nobody has written any.
    summary_en = models.CharField(max_length=300, blank=True)
    description_en = models.TextField(blank=True, max_length=20_000)
    keywords = models.JSONField(_("Keywords"), default=list, blank=True)
    languages = models.JSONField(_("Languages"), default=list, blank=True)
    founded = models.PositiveSmallIntegerField(
        _("Founded"), null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2200)]
    )
    ended = models.PositiveSmallIntegerField(_("Ended"), null=True, blank=True)
    website = models.URLField(_("Website"), max_length=500, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    register = models.CharField(_("Register and number"), max_length=120, blank=True)
    same_as = models.JSONField(_("Same entry elsewhere"), default=list, blank=True)
    licence = models.CharField(_("Licence"), max_length=60, default="CC0-1.0")
    # What those who look after the entry chose for single fields (rules.HIDEABLE); the rest follows the network's data rules.
    visibility = models.JSONField(_("Who sees what"), default=dict, blank=True)
    legal_form = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    terms = models.ManyToManyField(Term, related_name="organisations", blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="organisation_merged_knows_into_what",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    # For whom this is: all of it as the database gives it; less in copies by queries.shown_to, which must never be written back.
    seen_from: str = Visibility.STEWARDS

    def save(self, *args: Any, **options: Any) -> None:
        """As always, but never from a copy with fields left out."""
        if self.seen_from != Visibility.STEWARDS:
            raise TypeError("A redacted copy of an entry cannot be saved; it would empty the fields it leaves out.")
        super().save(*args, **options)


class Place(models.Model):
    """Where an organisation is found. An organisation may have none (online only) or many; at most one is the seat."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="places")
    label = models.CharField(_("Label"), max_length=120, blank=True)
    street = models.CharField(_("Street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True)
    town = models.CharField(_("Town"), max_length=120, blank=True)
    region = models.CharField(_("Region"), max_length=120, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    is_seat = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering: ClassVar = ["-is_seat", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True, precision="")
                | (Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180) & ~Q(precision="")),
                name="place_point_whole_on_earth_with_precision",
            ),
            models.UniqueConstraint(fields=["organisation"], condition=Q(is_seat=True), name="place_one_seat"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.label, self.street, f"{self.postcode} {self.town}".strip(), self.country) if part)


class Record(models.Model):
    """One row of a source, as it came. It backs at most one organisation; what vanished from its source is marked, not deleted."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    remote_id = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="records")
    licence = models.CharField(max_length=60)
    url = models.URLField(max_length=500, blank=True)
    raw = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    retrieved_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [models.UniqueConstraint(fields=["source", "remote_id"], name="record_once_per_source")]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.remote_id}"


class RevisionSet(models.Model):
    """Changes that belong together: one import, one form. Can be undone as a whole."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    report = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("import or change")
        verbose_name_plural = _("imports and changes")

    def __str__(self) -> str:
        return self.reason


class Revision(models.Model):
    """A change of one organisation: the fields before and after. `before` is empty for a new entry."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="revisions")
    set = models.ForeignKey(RevisionSet, on_delete=models.CASCADE, related_name="revisions")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {', '.join(self.after)}"


class Confirmation(models.Model):
    """The sentence “all still true”, said by those who look after the entry. Freshness is computed from the newest, never stored."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, blank=True)  # desk, letter, import; older ones say nothing

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at:%Y-%m-%d}"


class Belonging(models.Model):
    """Which organisation is a member of which network."""

    network = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="belongings")
    member = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="belongs_to")
    since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "member"], name="belonging_once"),
            models.CheckConstraint(condition=~Q(network=models.F("member")), name="belonging_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.network_id}"


class Kinship(models.Model):
    """Two entries that are related but not the same: `branch` is a branch of `head` (same operator or network, another site)."""

    branch = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="branch_of")
    head = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="branches")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(branch=models.F("head")), name="kinship_not_with_itself")]

    def __str__(self) -> str:
        return f"{self.branch_id} of {self.head_id}"


class Role(models.TextChoices):
    """What somebody may do for an entry. Owners also decide who else looks after it; members only see what is for members."""

    OWNER = "owner", _("answers for the entry")
    EDITOR = "editor", _("edits the entry")
    MEMBER = "member", _("member, reads only")


class Proof(models.TextChoices):
    """Why we believe that somebody may speak for an organisation."""

    FOUNDED = "founded", _("entered it here")
    INVITED = "invited", _("invited by those who look after it")
    DOMAIN = "domain", _("e-mail at the organisation's own domain")
    VOUCHED = "vouched", _("two stewards of other organisations vouch")
    GRANTED = "granted", _("granted by network management")
    MEMBERSHIP = "membership", _("member by the register of the cooperative")


class Stewardship(models.Model):
    """A person who answers for an entry or edits it, from then until then, and how it was proved. Ended ones stay as history.

    Members by the register of a cooperative (`Proof.MEMBERSHIP`) stand in no list of the team: who is a member is nobody else's matter.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="stewardships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stewardships")
    role = models.CharField(max_length=10, choices=Role.choices)
    proof = models.CharField(max_length=10, choices=Proof.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stewardship")
        verbose_name_plural = _("stewardships")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], condition=Q(until__isnull=True), name="stewardship_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="stewardship_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


class Caretaking(models.Model):
    """A person of network management who takes care of a region, a sector, or a sector in a region. Empty means all."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="caretakings")
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=120, blank=True)
    sector = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("area of a caretaker")
        verbose_name_plural = _("areas of caretakers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(country="") | (Q(region="") & Q(sector__isnull=False)), name="caretaking_names_an_area_or_a_sector"
            ),
            models.UniqueConstraint("person", "country", "region", Coalesce("sector", 0), name="caretaking_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.country} {self.region} {self.sector_id or ''}"


class RulesState(models.TextChoices):
    """Where a version of the data rules stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for decision")
    ADOPTED = "adopted", _("In force")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced by a newer version")


class Bulk(models.TextChoices):
    """Who may take away all public data at once."""

    EVERYBODY = "everybody", _("Everybody")
    NETWORK = "network", _("Signed-in people of the network")
    AGREEMENT = "agreement", _("Only who has an agreement")


class DataRules(models.Model):
    """A version of the rules the participants give themselves about their data. The one in force decides what is shown by default."""

    version = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=RulesState.choices, default=RulesState.DRAFT)
    text_de = models.TextField(max_length=50_000)
    text_en = models.TextField(max_length=50_000, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    defaults = models.JSONField(default=dict)  # field of rules.HIDEABLE -> Visibility
    licence = models.CharField(max_length=60, default="CC0-1.0")  # of new entries
    bulk = models.CharField(max_length=10, choices=Bulk.choices, default=Bulk.EVERYBODY)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("data rules")
        verbose_name_plural = _("data rules")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="adopted"), name="rules_one_in_force"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="open"), name="rules_one_open_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.state}"
