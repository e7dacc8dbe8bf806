"""The card of this room. Whether all is still true: asking, confirming, looking after links, the figures of age."""

from allmende.ground import rooms


class Freshness(rooms.Room):
    name = "allmende.freshness"
    label = "freshness"
