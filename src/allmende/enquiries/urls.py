"""Addresses for people. What one writes to others is slowed down."""

from django.urls import path

from allmende.enquiries.views import asking, talking
from allmende.web.limits import slow_down

app_name = "enquiries"
A_MINUTE = 20

urlpatterns = [
    path("boerse/zahlen/", asking.numbers, name="figures"),
    path("boerse/<int:pk>/anfragen/", slow_down(asking.ask, "enquiries", A_MINUTE), name="ask"),
    path("gespraeche/", talking.inbox, name="inbox"),
    path("gespraeche/blockiert/", talking.blocks, name="blocks"),
    path("gespraeche/blockiert/<int:pk>/aufheben/", talking.lift, name="lift"),
    path("gespraeche/<uuid:uuid>/", slow_down(talking.thread, "enquiries", A_MINUTE), name="thread"),
    path("gespraeche/<uuid:uuid>/ausgang/", slow_down(talking.outcome, "enquiries", A_MINUTE), name="outcome"),
    path("gespraeche/<uuid:uuid>/kontakt/", slow_down(talking.contact, "enquiries", A_MINUTE), name="contact"),
    path("gespraeche/<uuid:uuid>/zurueckziehen/", talking.withdraw, name="withdraw"),
    path("gespraeche/<uuid:uuid>/erledigt/", talking.settle, name="settle"),
    path("gespraeche/<uuid:uuid>/blockieren/", slow_down(talking.block, "enquiries", A_MINUTE), name="block"),
]
