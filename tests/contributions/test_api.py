"""The door for programs: only by key, all of a call or none, the same call once, nothing lost."""

import json
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.timezone import localdate

from allmende.contributions import actions
from allmende.contributions.described import description
from allmende.contributions.models import ApiKey, Contribution, Posting
from allmende.ground.refusals import BadInput, NotAllowed, Refused
from tests.contributions.scene import Scene, scene

pytestmark = pytest.mark.django_db


def address(of: Scene) -> str:
    return f"/api/v1/cooperatives/{of.slug}/contributions"


def row(of: Scene, **fields: Any) -> dict[str, Any]:
    return {"member": of.anna.number, "type": "arbeit", "amount": "1.5", "done_on": localdate().isoformat(), **fields}


def post(of: Scene, word: str, body: Any, once: str = "a", **headers: str) -> Any:
    said = {"Authorization": f"Bearer {word}", "Idempotency-Key": once, **headers}
    content = body if isinstance(body, str) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(address(of), content, content_type="application/json", headers=said)


def key(of: Scene, **may: bool) -> tuple[ApiKey, str]:
    return actions.create_key(of.cooperative, "Kasse", **{"may_post": True, "may_read": True, **may}, by=of.board)


def test_without_a_key_of_this_cooperative_nobody_comes_in() -> None:
    of, elsewhere = scene(), scene("Anderswo eG")
    _one, word = key(of)
    revoked, old = key(of)
    actions.revoke_key(revoked, by=of.board)
    for said in ("", "beitrag_" + "x" * 43, key(elsewhere)[1], old):
        answer = post(of, said, row(of))
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    signed_in = Client()
    signed_in.force_login(of.board)
    assert signed_in.post(address(of), json.dumps(row(of)), content_type="application/json").status_code == 401
    assert not Contribution.objects.exists()
    assert word not in str(ApiKey.objects.values())


def test_only_the_board_makes_and_revokes_keys() -> None:
    of = scene()
    made, _word = key(of)
    with pytest.raises(NotAllowed):
        actions.create_key(of.cooperative, "x", may_post=True, may_read=True, by=of.anna.person)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.revoke_key(made, by=of.anna.person)  # type: ignore[arg-type]


def test_the_same_call_is_entered_once_and_answered_the_same() -> None:
    of = scene()
    _key, word = key(of)
    first, again = post(of, word, row(of)), post(of, word, row(of))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == {"items": [{"id": str(Contribution.objects.get().uuid)}]}
    other = post(of, word, row(of, amount="2"))
    assert other.status_code == 409
    _new, word = key(of)  # another key of the same program knows the call, too
    assert post(of, word, row(of)).json() == first.json()
    line = Contribution.objects.get()
    assert (line.amount, line.source, line.counts_at_once) == (1500, "api", True)
    assert Posting.objects.count() == 1


def test_all_of_a_call_or_none() -> None:
    of = scene()
    _key, word = key(of)
    wrong = [
        row(of), row(of, member=99), row(of, type="nichts"), row(of, amount="1,5"), row(of, amount=1.5), row(of, done_on="31.03.2026"),
        row(of, extra=1), {"member": 1}, 7, row(of, member=True), row(of, amount="99"), row(of, text=5), row(of, done_on="2999-01-01"),
        row(of, text="x" * 201),
    ]  # fmt: skip
    answer = post(of, word, {"items": wrong})
    assert answer.status_code == 422
    assert [one["index"] for one in answer.json()["errors"]] == list(range(1, len(wrong)))
    assert not Contribution.objects.exists()
    good = post(of, word, {"items": [row(of), row(of, type="einkauf", amount="-3.50")]})
    assert good.status_code == 201
    assert sorted(Contribution.objects.values_list("amount", flat=True)) == [-350, 1500]


@pytest.mark.parametrize(
    ("body", "once", "status"),
    [("{", "a", 400), ("[]", "a", 400), ("{}", "a", 422), ('{"items": []}', "a", 400), ('{"items": {}}', "a", 400),
     (json.dumps({"items": [{}] * 101}), "a", 400), ("{}", "", 400), ("{}", "x" * 101, 400), ("{}", "mit leer", 400)],
)  # fmt: skip
def test_calls_of_the_wrong_shape_get_a_sentence(body: str, once: str, status: int) -> None:
    of = scene()
    answer = post(of, key(of)[1], body, once)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_a_key_does_only_what_it_may() -> None:
    of = scene()
    reading, posting = key(of, may_post=False)[1], key(of, may_read=False)[1]
    assert post(of, reading, row(of)).status_code == 403
    assert Client().get(address(of), headers={"Authorization": f"Bearer {posting}"}).status_code == 403
    assert Client().delete(address(of), headers={"Authorization": f"Bearer {posting}"}).status_code == 405


def test_a_program_reads_the_sums_of_what_it_entered_and_no_more() -> None:
    of = scene()
    _key, word = key(of)
    _other, foreign = actions.create_key(of.cooperative, "andere", may_post=True, may_read=True, by=of.board)
    post(of, word, {"items": [row(of), row(of, amount="0.25")]})
    post(of, foreign, row(of, amount="7"))
    of.confirmed(of.anna, 9000)
    wrong = Contribution.objects.get(amount=250)
    actions.reverse_contribution(wrong, reason="falsch", by=of.board)
    answer = Client().get(address(of), headers={"Authorization": f"Bearer {word}"})
    sums = {one["type"]: one["sum"] for one in answer.json()["items"]}
    assert (sums, answer["Cache-Control"]) == ({"arbeit": "1.5", "einkauf": "0.00"}, "no-store")
    assert Client().get(address(of) + "?year=1999", headers={"Authorization": f"Bearer {word}"}).status_code == 400
    assert "Anders" not in answer.content.decode()


def test_too_many_calls_of_a_key_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    of = scene()
    monkeypatch.setattr("allmende.contributions.api.CALLS_A_MINUTE", 2)
    word = key(of)[1]
    assert [post(of, word, row(of), str(n)).status_code for n in range(3)] == [201, 201, 429]


def test_a_thousand_posts_ask_the_database_little_each(django_assert_max_num_queries: Any) -> None:
    of = scene()
    made, _word = key(of)
    actions.post_contributions(made, [row(of)])
    for rows in ([row(of)], [row(of)] * 100):
        with django_assert_max_num_queries(16):
            assert len(actions.post_contributions(made, rows)["items"]) == len(rows)
    assert Contribution.objects.count() == 102


def test_the_database_itself_knows_a_call_once() -> None:
    of = scene()
    made, _word = key(of)
    actions.post_contributions(made, [row(of)], once="a")
    with pytest.raises(IntegrityError):
        Posting.objects.create(cooperative=of.cooperative, client=made.client, idempotency_key="a", sha256="", answer={})


def test_closed_years_refuse_programs_too() -> None:
    from datetime import date

    from allmende.contributions.rules import Year

    of = scene()
    made, _word = key(of)
    actions.close_year(of.cooperative, Year(date(2025, 1, 1), date(2025, 12, 31)), by=of.board)
    with pytest.raises(BadInput):
        actions.post_contributions(made, [row(of, done_on="2025-12-31")])
    actions.revoke_key(made, by=of.board)
    with pytest.raises(Refused):
        actions.post_contributions(made, [row(of)])


def test_the_description_holds_what_the_door_does() -> None:
    answer = Client().get("/api/v1/cooperatives/openapi.json")
    assert answer.json() == description("http://testserver")
    operations = answer.json()["paths"]["/api/v1/cooperatives/{slug}/contributions"]
    assert set(operations) == {"parameters", "post", "get"}
