"""What of this room can be reported: a round and a review. Suggestions and replies are reported with the review they stand in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.feedback import access, actions, queries
from allmende.feedback.models import Review, Round
from allmende.people.subjects import Subject, register

register(
    Subject(
        Round,
        label=gettext_lazy("Feedback round"),
        visible_to=access.rounds_visible_to,
        url=Round.get_absolute_url,
        title=lambda found: _("Feedback round on “%(project)s”") % {"project": found.project.title},
        words=queries.words_of_round,
        may_moderate=access.may_moderate,
        people=access.keepers_of,
        hide=actions.hide,
        unhide=actions.unhide,
    )
)
register(
    Subject(
        Review,
        label=gettext_lazy("Feedback"),
        visible_to=access.reviews_visible_to,
        url=Review.get_absolute_url,
        title=lambda review: (
            _("Feedback of %(giver)s on “%(project)s”") % {"giver": queries.giver_of(review), "project": review.round.project.title}
        ),
        words=queries.words_of_review,
        organisation=lambda review: review.round.organisation,
        may_moderate=access.may_moderate,
        people=access.givers_of,
        hide=actions.hide,
        unhide=actions.unhide,
    )
)
