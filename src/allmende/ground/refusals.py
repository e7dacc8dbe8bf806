"""No is said one way: `require(condition, "a sentence for people")`. The web and the API make their pages from it."""

from django.utils.functional import Promise

Sentence = str | Promise


class Refused(Exception):
    """The rule says no. Shown as 409 with the sentence; the sentence says what to do."""

    status = 409

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NotAllowed(Refused):
    """This viewer may not do this (403). What one may not even see is a 404 instead, by construction of the queries."""

    status = 403


class BadInput(Refused):
    """What came in has the wrong shape (400): an unknown parameter, a number out of range."""

    status = 400


def require(condition: object, sentence: Sentence, refusal: type[Refused] = Refused) -> None:
    """Go on only if `condition` holds; otherwise raise `refusal` with a sentence for people."""
    if not condition:
        raise refusal(sentence)
