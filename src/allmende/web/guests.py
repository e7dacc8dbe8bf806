"""Forms that guests may send: a field only machines fill in, and a moment nobody human is faster than, in place of a foreign captcha.

A form of a room says `class SuggestionForm(GuestForm)`; its template shows `{% include "web/guest_fields.html" %}` inside the form.
"""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from allmende.web.forms import HouseForm

SALT = "allmende.web.guests"
FASTEST = 2  # seconds from seeing a form to sending it
OLDEST = 86_400  # seconds a form may lie open


class GuestForm(HouseForm):
    """Two hidden fields: `homepage` must stay empty, `shown_at` says (signed) when the form was shown."""

    homepage = forms.CharField(required=False)
    shown_at = forms.CharField(required=False)

    def stamp(self) -> str:
        """The moment of showing, for the template."""
        return signing.TimestampSigner(salt=SALT).sign("shown")

    def clean(self) -> dict[str, Any]:
        """Refuse what a machine sent; a human who is that fast is asked to send it again."""
        data = super().clean()
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(data.get("shown_at", ""), max_age=OLDEST)
        except signing.BadSignature as fault:
            raise forms.ValidationError(_("The form has expired. Please send it again.")) from fault
        if data.get("homepage") or self._is_too_fast(signer, data["shown_at"]):
            raise forms.ValidationError(_("That was very fast. Please send it again."))
        return data

    def _is_too_fast(self, signer: signing.TimestampSigner, stamp: str) -> bool:
        try:
            signer.unsign(stamp, max_age=FASTEST)
        except signing.SignatureExpired:
            return False
        return True
