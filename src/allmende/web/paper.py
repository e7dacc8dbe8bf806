"""Documents as PDF: letters, lists, certificates. Tagged for screen readers (PDF/UA-1) and made to be kept (PDF/A-3a).

A room puts `data/<name>.typ` beside its code, which is set behind `web/data/paper.typ`; words and numbers come in as data, never as
markup, so nothing that somebody typed is ever carried out.

    pdf("leaving", "confirmation", {"title": ..., "author": ..., "language": "de", ...}) -> bytes
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

FONTS = Path(__file__).parent / "data" / "fonts"


@cache
def _source(room: str, name: str) -> bytes:
    skin = (Path(__file__).parent / "data" / "paper.typ").read_bytes()
    return skin + b"\n" + (Path(apps.get_app_config(room).path) / "data" / f"{name}.typ").read_bytes()


def pdf(room: str, name: str, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """The document `name` of this room with this data. `data` needs title, author and language (`de`, `en`); letters also sender,
    address (lines) and place_and_date. Dates and amounts come in as they are to be read.
    """
    import typst  # takes a while to load: only where a document is made

    made: bytes = typst.compile(  # type: ignore[misc]
        _source(room, name),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1", "a-3a"],
        timestamp=int((at or timezone.now()).timestamp()),
    )
    return made


def answer(content: bytes, name: str, kind: str = "application/pdf", *, attachment: bool = True) -> HttpResponse:
    """A document as an answer nobody keeps on the way, under this file name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(attachment, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
