"""The card of this room. What the audit association wants in one folder: register, ledgers, statutes, checked against itself."""

from allmende.ground import rooms


class Auditing(rooms.Room):
    name = "allmende.auditing"
    label = "auditing"
