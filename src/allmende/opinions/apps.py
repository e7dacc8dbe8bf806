"""The card of this room. Opinion landscapes: short statements, agree or disagree, groups of opinion, what unites and what divides."""

from allmende.ground import rooms


class Opinions(rooms.Room):
    name = "allmende.opinions"
    label = "opinions"
