"""What is remembered of duplicates: the index in which they are found, and the pairs people decide on."""

from django.db import models

# ------------------------------------------------------------------------------------------------------------ the index
# Derived from the directory, built again by `./allmende manage duplicates rebuild`. No foreign keys: nobody may be kept from
# deleting an entry by what was derived from it, and whoever reads looks up whether the entry is still there.


class Sketch(models.Model):
    """One entry as it is compared (see `portraits.Portrait`), packed into one line so that comparing hundreds needs no joins.

    E-mail addresses and phone numbers stand in it only as keyed marks. `is_public`: everybody may see the entry.
    """

    organisation_id = models.BigIntegerField(primary_key=True)
    is_public = models.BooleanField()
    said = models.TextField()

    class Meta:
        verbose_name = "sketch"
        verbose_name_plural = "sketches"

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.said[:60]}"


class Key(models.Model):
    """Something two entries may have in common, as a number: a rare word, a website, an address. Found by range in its primary key."""

    pk = models.CompositePrimaryKey("key", "organisation_id")
    key = models.BigIntegerField()
    organisation_id = models.BigIntegerField()

    class Meta:
        verbose_name = "key"
        verbose_name_plural = "keys"

    def __str__(self) -> str:
        return f"{self.key} {self.organisation_id}"


# ------------------------------------------------------------------------------------------------------------ the pairs
