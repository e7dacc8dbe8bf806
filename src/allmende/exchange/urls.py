"""Addresses for people. What everybody may send is slowed down."""

from django.urls import path, register_converter

from allmende.exchange import feeds, views
from allmende.web.limits import slow_down


class Titled:
    """The words of a listing in its address. They begin with what it is, so that other pages below its number keep their names."""

    regex = "(?:angebot|bedarf)(?:-[-a-z0-9]+)?"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Titled, "titled")

app_name = "exchange"
A_MINUTE = 20

urlpatterns = [
    path("boerse/", views.listings, name="listings"),
    path("boerse/neu/", slow_down(views.new, "exchange", A_MINUTE), name="new"),
    path("boerse/unsere/", views.mine, name="mine"),
    path("boerse/feed.atom", feeds.feed, name="feed"),
    path("boerse/<int:pk>/", views.found, name="found"),
    path("boerse/<int:pk>/bearbeiten/", slow_down(views.edit, "exchange", A_MINUTE), name="edit"),
    path("boerse/<int:pk>/veroeffentlichen/", views.publish, name="publish"),
    path("boerse/<int:pk>/verlaengern/", views.extend, name="extend"),
    path("boerse/<int:pk>/beenden/", views.close, name="close"),
    path("boerse/<int:pk>/wieder-oeffnen/", views.reopen, name="reopen"),
    path("boerse/<int:pk>/verwerfen/", views.discard, name="discard"),
    path("boerse/<int:pk>/abnehmen/", views.hide, name="hide"),
    path("boerse/<int:pk>/zuruecksetzen/", views.unhide, name="unhide"),
    path("boerse/<int:pk>/<titled:slug>/", views.listing, name="listing"),
]
