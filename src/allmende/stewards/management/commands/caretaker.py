"""`./allmende manage caretaker add|remove|list [EMAIL]`: who takes care of the house or of a part of it, said by its operator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from allmende.directory.models import Term, Tree
from allmende.ground.refusals import Refused
from allmende.people.queries import by_email, service
from allmende.stewards import actions, letters, queries


class Command(BaseCommand):
    help = "Names, ends or lists caretakers. Without --country and --sector it is the whole house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done, for whom, and where."""
        parser.add_argument("what", choices=("add", "remove", "list"))
        parser.add_argument("email", nargs="?", default="", help="the address of an account")
        parser.add_argument("--country", default="", help="two letters, e.g. DE")
        parser.add_argument("--region", default="", help="as the entries write it, e.g. Bayern")
        parser.add_argument("--sector", default="", help="the key of a sector, e.g. housing")

    def handle(self, *args: object, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        if options["what"] == "list":
            self.stdout.write("\n".join(self._rows()))
            return
        if not options["email"]:
            raise CommandError("Please give the e-mail address of an account.")
        with translation.override("en"):
            try:
                self._add(options) if options["what"] == "add" else self._remove(options)
            except Refused as no:
                raise CommandError(str(no.sentence)) from no

    def _rows(self) -> list[str]:
        house = [f"{person.email}  the whole house" for person in queries.caretakers_of_the_house()]
        with translation.override("en"):
            return [*house, *(f"{area.person.email}  {letters.area_in_words(area)}" for area in queries.caretakings())] or ["Nobody yet."]

    def _add(self, options: dict[str, Any]) -> None:
        sector = self._sector(options["sector"])
        named = actions.name_caretaker(options["email"], options["country"], options["region"], sector, by=service("operator"))
        self.stdout.write(f"{named.person.email} takes care of: {letters.area_in_words(named.area)}")

    def _remove(self, options: dict[str, Any]) -> None:
        person = by_email(options["email"])
        if person is None:
            raise CommandError("No account has this address.")
        hand, sector = service("operator"), self._sector(options["sector"])
        if not (options["country"] or sector):
            actions.end_caretaking_of_the_house(person, by=hand)
        else:
            areas = queries.caretakings().filter(person=person, country=options["country"].upper(), region=options["region"], sector=sector)
            area = areas.first()
            if area is None:
                raise CommandError("They do not take care of this area; see `caretaker list`.")
            actions.end_caretaking(area, by=hand)
        self.stdout.write("Done.")

    def _sector(self, key: str) -> Term | None:
        if not key:
            return None
        sector = Term.objects.filter(tree=Tree.SECTOR, key=key).first()
        if sector is None:
            raise CommandError(f"There is no sector {key!r}.")
        return sector
