"""Answers held in memory: made once, packed once, and never more than there is room for."""

import gzip

from django.test import RequestFactory

from allmende.web.answers import Body, Shelf, answer


def test_what_is_on_the_shelf_is_not_made_again() -> None:
    shelf, made = Shelf(room=100), []

    def make() -> Body:
        made.append(1)
        return Body(b"x" * 40)

    assert shelf.body("a", make) is shelf.body("a", make)
    assert len(made) == 1


def test_the_longest_unasked_makes_room() -> None:
    shelf = Shelf(room=100)
    for tag in ("a", "b", "a", "c"):
        shelf.body(tag, lambda: Body(b"x" * 40))
    assert (list(shelf.bodies), shelf.taken) == (["a", "c"], 80)
    shelf.body("large", lambda: Body(b"x" * 101))
    assert (list(shelf.bodies), shelf.taken) == ([], 0)


def test_a_body_is_packed_once_and_keeps_its_headers() -> None:
    body = Body(b"x" * 2000, {"Link": "<next>"})
    plain, packed, again = (
        answer(RequestFactory().get("/", headers={"Accept-Encoding": coding}), body, etag='W/"x"') for coding in ("", "gzip", "gzip")
    )
    assert gzip.decompress(packed.content) == plain.content == body.plain
    assert packed.content == again.content
    assert {one.headers["Link"] for one in (plain, packed)} == {"<next>"}
    assert [one.headers["Content-Length"] for one in (plain, packed)] == ["2000", str(len(packed.content))]
