"""The caretakers' door: entries, sources, words, imports. Whoever takes care of the house may; nobody else comes in."""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allmende.directory import access, actions, importers
from allmende.directory.forms import Codes, OrganisationForm, Tidy, Words
from allmende.directory.importers import forms, undoing
from allmende.directory.importers.report import Report, labelled
from allmende.directory.importers.running import Task
from allmende.directory.models import Organisation, Place, Record, RevisionSet, Source, Term, Tree
from allmende.ground.refusals import BadInput, Refused, require
from allmende.people.views import person_of

# The stubs know what an admin is an admin of, Django itself does not.
if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
    _Inline = admin.TabularInline[Place, Organisation]
else:
    _Admin, _Inline = admin.ModelAdmin, admin.TabularInline

LONGEST_SEARCH = 200  # characters

admin.site.site_header = admin.site.site_title = _("Caring for the house")
admin.site.index_title = _("Entries, sources, imports")


class Caretakers(_Admin):
    """Everything for caretakers, nothing for others. Nothing is deleted here: entries are archived, imports undone."""

    is_readonly: ClassVar[bool] = False
    form = Tidy
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}, models.JSONField: {"form_class": Words}}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_caretake(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.may_caretake(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_caretake(request.user) and not self.is_readonly

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.may_caretake(request.user) and not self.is_readonly

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])  # a thousand words are too deep for SQLite

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any, **named: Any) -> HttpResponse | None:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        require(all(re.fullmatch(r"[0-9]{1,18}", key) for key in chosen), _("Please go back and check what you entered."), BadInput)
        return super().response_action(request, queryset, *where, **named)


class PlaceInline(_Inline):
    """The places of an entry."""

    model = Place
    form = Tidy
    extra = 0
    max_num = 200
    fields = ("label", "street", "postcode", "town", "region", "country", "lat", "lon", "precision", "is_seat")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.may_caretake(request.user)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.may_caretake(request.user)


@admin.register(Organisation)
class OrganisationAdmin(Caretakers):
    """Entries. What is changed here by hand, imports no longer touch."""

    form = OrganisationForm

    list_display = ("name", "legal_form", "sector", "state", "is_demo", "changed_at")
    list_filter = (
        "state",
        "kind",
        "is_demo",
        ("legal_form", admin.RelatedOnlyFieldListFilter),  # the words in use, not all words of all trees
        ("sector", admin.RelatedOnlyFieldListFilter),
        "records__source",
    )
    list_select_related = ("legal_form", "sector")
    search_fields = ("name", "legal_name", "slug", "places__town")
    show_full_result_count = False
    readonly_fields = ("uuid", "state", "merged_into", "visibility", "created_at", "changed_at")
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    filter_horizontal = ("terms",)
    actions = ("confirm", "archive", "publish")
    INLINES_UP_TO = 200  # places; more than that no form can hold, they come and go by import

    def get_inlines(self, request: HttpRequest, obj: Any | None = None) -> list[Any]:
        return [PlaceInline] if obj is None or obj.places.count() <= self.INLINES_UP_TO else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Organisation | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in {Tree.LEGAL_FORM, Tree.SECTOR}:
            kwargs["queryset"] = Term.objects.filter(tree=db_field.name)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "terms":  # categories are said of offers and needs, not of entries
            kwargs["queryset"] = Term.objects.exclude(tree=Tree.EXCHANGE)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        request.before = undoing.said(obj.pk) if change else None  # type: ignore[attr-defined]  # from here to save_related
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.note_edit(form.instance, request.before, by=person_of(request))  # type: ignore[attr-defined]

    @admin.action(description=_("Confirm: all still true"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Say of the chosen entries that they are true."""
        _each(request, chosen, actions.confirm_organisation)

    @admin.action(description=_("Archive: take off the map"))
    def archive(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Take the chosen entries off the map."""
        _each(request, chosen, actions.archive_organisation)

    @admin.action(description=_("Publish: put on the map"))
    def publish(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        """Put the chosen entries on the map."""
        _each(request, chosen, actions.publish_organisation)


@admin.register(Source)
class SourceAdmin(Caretakers):
    """Where entries came from, with licence and the words the source wants to be named with."""

    list_display = ("name", "key", "licence", "share_alike")
    search_fields = ("name", "key")


@admin.register(Record)
class RecordAdmin(Caretakers):
    """Rows of sources as they came; to be read only."""

    is_readonly = True
    list_display = ("remote_id", "source", "organisation", "licence", "seen_at", "gone_at")
    list_filter = ("source", ("gone_at", admin.EmptyFieldListFilter))
    list_select_related = ("source", "organisation")
    search_fields = ("=remote_id", "organisation__name")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        return super().get_queryset(request).defer("raw")


@admin.register(Term)
class TermAdmin(Caretakers):
    """The common words."""

    list_display = ("name_de", "name_en", "tree", "key", "parent")
    list_filter = ("tree",)
    list_select_related = ("parent",)
    search_fields = ("name_de", "name_en", "key")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "codes":
            kwargs["form_class"] = Codes
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(RevisionSet)
class RevisionSetAdmin(Caretakers):
    """Imports and other changes that belong together; here a file is imported, and an import taken back."""

    is_readonly = True
    list_display = ("at", "reason", "source", "by", "summary")
    list_filter = ("source",)
    list_select_related = ("source", "by")
    fields = ("at", "by", "source", "reason", "details")
    readonly_fields = ("details",)
    change_list_template = "admin/directory/revisionset/change_list.html"
    actions = ("undo",)

    def get_urls(self) -> list[URLPattern]:
        page = path("import/", self.admin_site.admin_view(self.import_page), name="directory_import")
        return [page, *super().get_urls()]

    @admin.display(description=_("Result"))
    def summary(self, item: RevisionSet) -> str:
        """The numbers in one line."""
        if "read" not in item.report:
            return str(_("interrupted")) if item.report.get("state") == "running" else ""
        return ", ".join(f"{number} {label}" for label, number in labelled(item.report))

    @admin.display(description=_("Result"))
    def details(self, item: RevisionSet) -> SafeString | str:
        """Numbers, remarks and the first refused rows."""
        if "read" not in item.report:
            return self.summary(item)
        numbers = format_html_join("", "<li>{1} {0}</li>", labelled(item.report))
        remarks = format_html_join("", "<li>{2} × {0} {1}</li>", [row[:3] for row in item.report.get("warnings", ())])
        refused = format_html_join("", "<li>{0}: [{1}] {2} {3}</li>", item.report.get("rejects", ()))
        return format_html("<ul>{}</ul><ul>{}</ul><ul>{}</ul>", numbers, remarks, refused)

    @admin.action(description=_("Undo: take these changes back"))
    def undo(self, request: HttpRequest, chosen: QuerySet[RevisionSet]) -> None:
        """Take the chosen imports back, the newest first."""
        _each(request, chosen.order_by("-pk"), actions.undo_import)

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """Upload and check, look at the report, then import."""
        if request.method == "POST" and "word" in request.POST:
            return self._import(request)
        form = forms.ImportForm(request.POST, request.FILES) if request.method == "POST" else forms.ImportForm()
        context = {**self.admin_site.each_context(request), "title": _("Import a file"), "opts": self.opts, "form": form}
        if request.method == "POST" and form.is_valid():
            context.update(self._check(request, form))
        return TemplateResponse(request, "admin/directory/revisionset/import.html", context)

    def _check(self, request: HttpRequest, form: forms.ImportForm) -> dict[str, Any]:
        """The report of a dry run, with the word that makes it real."""
        options = {name: form.cleaned_data[name] for name in ("profile", "source", "licence", "whole")}
        word = forms.keep(form.cleaned_data["file"], options)
        try:
            return {"report": self._run(request, word, dry_run=True), "word": word, "file_name": form.cleaned_data["file"].name}
        except Refused as no:
            form.add_error(None, str(no.sentence))
            return {}

    def _import(self, request: HttpRequest) -> HttpResponse:
        word = request.POST["word"]
        try:
            report = self._run(request, word, dry_run=False)
        except Refused as no:
            self.message_user(request, str(no.sentence), messages.ERROR)
            return redirect("admin:directory_import")
        forms.fetch(word)[0].unlink(missing_ok=True)
        return redirect("admin:directory_revisionset_change", report.revision_set)

    def _run(self, request: HttpRequest, word: str, *, dry_run: bool) -> Report:
        file, options = forms.fetch(word)
        profile = importers.profile(options["profile"])
        reason = f"{profile.key}: {options['name']}"
        task = Task(profile, file, options["source"], options["licence"], whole=options["whole"], dry_run=dry_run, reason=reason)
        return actions.import_drafts(task, by=person_of(request))


def _each(request: HttpRequest, chosen: QuerySet[Any], action: Any) -> None:
    """Do this with each of the chosen and say what came of it."""
    done = 0
    for item in chosen:
        try:
            action(item, by=person_of(request))
            done += 1
        except Refused as no:
            messages.error(request, f"{item}: {no.sentence}")
    if done:
        messages.success(request, _("Done: %(count)d") % {"count": done})
