"""The shape of an upload on the caretakers' import page, and where it waits between check and import."""

from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from allmende.directory.importers import PROFILES
from allmende.directory.importers.checking import LICENCES
from allmende.ground.refusals import BadInput, require

MEGABYTES = 64
DAY = 24 * 60 * 60
SALT = "directory.import"


class ImportForm(forms.Form):
    """A file, how it is to be read, and to which source it belongs."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, GeoJSON or JSON, at most 64 MB"))
    profile = forms.ChoiceField(label=_("Profile"), choices=[(key, profile.label) for key, profile in PROFILES.items()])
    source = forms.SlugField(label=_("Source"), required=False, max_length=60, help_text=_("Empty: the usual source of the profile"))
    licence = forms.ChoiceField(label=_("Licence"), required=False, choices=[("", "–"), *((one, one) for one in sorted(LICENCES))])
    whole = forms.NullBooleanField(
        label=_("The file is the whole source"),
        required=False,
        help_text=_("If so, what is not in it is marked as vanished. Unknown: as the profile says."),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Not larger than what is worth a page; larger files go in by the command."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MEGABYTES * 1_000_000:
            raise forms.ValidationError(_("The file is too large. Please use ./allmende import on the server."))
        return file


def keep(file: "UploadedFile[Any]", options: dict[str, Any]) -> str:
    """Put the upload aside and give a signed word for it and its options; what nobody fetched within a day is removed."""
    folder = _folder()
    for old in folder.glob("*.upload"):
        if old.stat().st_mtime < time() - DAY:
            old.unlink(missing_ok=True)
    name = f"{uuid4().hex}.upload"
    with (folder / name).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return signing.dumps({"kept": name, "name": file.name, **options}, salt=SALT)


def fetch(word: str) -> tuple[Path, dict[str, Any]]:
    """The upload and the options behind a signed word. Raises BadInput where there are none any more."""
    try:
        options: dict[str, Any] = signing.loads(word, salt=SALT, max_age=DAY)
    except signing.BadSignature as error:
        raise BadInput(_("The check has expired. Please upload the file again.")) from error
    path = _folder() / options.pop("kept")
    require(path.is_file(), _("The check has expired. Please upload the file again."), BadInput)
    return path, options


def _folder() -> Path:
    folder: Path = settings.VAR / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
