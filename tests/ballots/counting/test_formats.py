"""Files of ballots: BLT, PrefLib, tables. What is odd but valid is read; what is broken is said with its line."""

from pathlib import Path

import pytest

from allmende.ballots.counting import count
from allmende.ballots.counting.documents import FormatError, decode
from allmende.ballots.counting.formats import kind_of, read, read_file
from allmende.ballots.counting.profiles import Rankings

PLAIN = '4 2\n-2\n3 1 3 4 0\n4 1 3 2 0\n2 4 1=3 0\n0\n"Anna"\n"Ben"\n"Cem"\n"Dora"\n"Board 2026"\n'

HEADS = """# FILE NAME: 00001-00000001.toi
# TITLE: Board
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Anna, first of her name
# ALTERNATIVE NAME 2: Ben: the second
# ALTERNATIVE NAME 3: Cem
3: 1,{2,3}
2: 2
1: {1,2,3}
"""
OLD = "3\n1,Anna, first of her name\n2,Ben: the second\n3,Cem\n6,6,3\n3,1,{2,3}\n2,2\n1,{1,2,3}\n"


def ballots(text: str, name: str = "") -> Rankings:
    profile = read(text, name).profile
    assert isinstance(profile, Rankings)
    return profile


# -------------------------------------------------------------------------------------------------------------------- BLT


def test_a_plain_file_with_somebody_who_withdrew() -> None:
    document = read(PLAIN)
    assert (document.kind, document.title, document.rule) == ("blt", "Board 2026", {"method": "stv", "seats": 2})
    profile = ballots(PLAIN)
    assert profile.options == ("Anna", "Ben", "Cem", "Dora")
    assert profile.withdrawn == {1}
    assert dict(profile.ballots) == {((0,), (2,), (3,)): 3, ((0,), (2,), (1,)): 4, ((3,), (0, 2)): 2}


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\n\n" + PLAIN.replace("\n", "\n\n") + "\n\n",
        PLAIN.replace(" ", "   \t"),
        "# made by hand\n" + PLAIN.replace("-2\n", "-2 # she withdrew\n").replace('"Ben"', '"Ben" # not any more'),
        "/* two\nlines */ " + PLAIN,
        PLAIN.replace("-2\n", "[withdrawn 2]\n"),
        PLAIN.replace("-2\n", "[droop arithmetic=fixed] -2 "),
        PLAIN.replace("-2\n", "[nick an be ce do]\n-2\n").replace("3 1 3 4 0", "3 an ce do 0"),
        PLAIN.replace("3 1 3 4 0\n4 1 3 2 0\n2", "3 1 3 4 0 4 1 3\n2 0 2"),
        PLAIN.replace("3 1 3 4 0", "(a) 1 3 4 0\n( b 2 ) 1 3 4 0\n(c) 1 3 4 0"),
        PLAIN.replace("4 1 3 2 0", "4 1 - 3 2 0"),
        PLAIN.replace('"', ""),
        PLAIN.replace('"Anna"\n"Ben"\n"Cem"\n"Dora"\n', '"Anna" "Ben" "Cem" "Dora"\n'),
        PLAIN.replace("2 4 1=3 0", "1 4 1=3 0\n1 4 3=1 0"),
        PLAIN.rstrip(),
        PLAIN + "First Prefs\n  0119 32 43\n",
    ],
    ids=lambda text: repr(text)[:30],
)
def test_the_dialects_of_blt_say_the_same(text: str) -> None:
    assert dict(ballots(text).ballots) == dict(ballots(PLAIN).ballots)
    assert (ballots(text).options, ballots(text).withdrawn) == (ballots(PLAIN).options, {1})
    assert count("stv", ballots(text), seats=2)["elected_names"] == ["Anna", "Cem"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'\xef\xbb\xbf1 1\n1 1 0\n0\n"J\xc3\xbcrgen"\n"T"\n', "Jürgen"),
        (b'1 1\n1 1 0\n0\n"J\xfcrgen"\n"T"\n', "Jürgen"),
        ('1 1\n1 1 0\n0\n"Jürgen"\n"T"\n'.encode("utf-16"), "Jürgen"),
        (b'1 1\n1 1 0\n0\n"John "Jack" O\'Neill #7"\n"T"\n', 'John "Jack" O\'Neill #7'),
        (b'1 1\n1 1 0\n0\n""\n"T"\n', ""),
    ],
)
def test_names_in_any_encoding_and_with_any_signs(content: bytes, name: str) -> None:
    assert ballots(decode(content)).options == (name,)


def test_a_file_may_bring_its_lot_and_have_no_ballots() -> None:
    assert read('2 1\n[tie 2 1]\n1 1 0\n1 2 0\n0\n"A"\n"B"\n').rule["ties"] == {"lot": [1, 0]}
    assert ballots('2 1\n0\n"A"\n"B"\n"Nobody came"\n').voters == 0
    assert ballots('2 1\n5 0\n1 1 0\n0\n"A"\n"B"\n').voters == 6


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("2 x\n0\n", 1, "number of seats"),
        ("2 0\n0\n", 1, "number of seats"),
        ("two 1\n0\n", 1, "number of candidates"),
        ('2 1\n1 3 0\n0\n"A"\n"B"\n', 2, "no candidate 3"),
        ('2 1\n1 1 1 0\n0\n"A"\n"B"\n', 2, "named twice"),
        ('2 1\n1 1 A 0\n0\n"A"\n"B"\n', 2, "“A”"),
        ('2 1\n1.5 1 0\n0\n"A"\n"B"\n', 2, "whole number"),
        ('2 1\n1 1 0\n"A"\n"B"\n', 3, "0 after the last ballot is missing"),
        ('2 1\n1 1 2\n1 2 1\n0\n"A"\n', 3, "named twice"),
        ('2 1\n1 1 0\n0\n"A"\n', 4, "candidate 2 of 2"),
        ("2 1\n1 1 0\n1 2", 3, "ends where"),
        ("2 1\n1 1 0\n", 3, "ends where"),
        ("2 1\n[odd 1]\n0\n", 2, "odd"),
        ("2 1\n[tie 1]\n0\n", 2, "exactly once"),
        ("2 1\n-3\n0\n", 2, "no candidate 3"),
        ("2 1\n[tie 1 2", 2, "closing bracket"),
        (f"2 1\n{'9' * 50} 1 0\n0\n", 2, "lies from"),
    ],
)
def test_a_broken_blt_is_said_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(FormatError, match=word) as caught:
        read(text, "x.blt")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"Line {line}: ")


# ---------------------------------------------------------------------------------------------------------------- PrefLib


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEADS, "x.toi"),
        (HEADS.replace("\n", "\r\n"), ""),
        (HEADS.replace("3: 1,{2,3}", " 3 :  1 , { 3 , 2 } "), ""),
        (HEADS.replace("# NUMBER UNIQUE ORDERS: 3\n", "\n#\n# no colon\n"), ""),
        (HEADS.replace("# NUMBER ALTERNATIVES: 3\n", ""), ""),
        (HEADS + "\n\n", ""),
        (OLD, "x.toi"),
        (OLD.replace("3,1,{2,3}", "2,1,{2,3}\n1,1,{3,2}"), "x.toi"),
        (OLD.replace("3,1,{2,3}", "3: 1,{2,3}"), "x.toi"),
    ],
)
def test_preflib_old_and_new_say_the_same(text: str, name: str) -> None:
    profile = ballots(text, name)
    assert profile.options == ("Anna, first of her name", "Ben: the second", "Cem")
    assert dict(profile.ballots) == {((0,), (1, 2)): 3, ((1,),): 2, ((0, 1, 2),): 1}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (HEADS.replace("3: 1", "3; 1"), 9, "number: order"),
        (HEADS.replace("3: 1", "many: 1"), 9, "whole number"),
        (HEADS.replace("{2,3}", "{2,3"), 9, "bracket"),
        (HEADS.replace("{2,3}", "{2,2}"), 9, "twice"),
        (HEADS.replace("{2,3}", "{2,4}"), 9, "from 1 to 3"),
        (HEADS.replace("VOTERS: 6", "VOTERS: 7"), 4, "7 voters, but there are 6"),
        (HEADS.replace("ALTERNATIVES: 3", "ALTERNATIVES: 2"), 3, "only 2"),
        (OLD.replace("2,Ben", "Ben"), 3, "2"),
        (OLD.replace("6,6,3", "7,7,3"), 5, "7 voters"),
        ("3\n1,A\n", 2, "alternative 2"),
    ],
)
def test_a_broken_preflib_file_is_said_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(FormatError, match=word) as caught:
        read(text, "x.toi")
    assert caught.value.line == line


# ----------------------------------------------------------------------------------------------------------------- tables

TABLE = "ballot_id,rank,choice\n7,2,Ben\n7,1,Anna\n8,1,$OVERVOTE\n8,2,$UNDERVOTE\n8,3,Ben\n8,4,Ben\n9,1,$UNDERVOTE\n"


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(",", ";"), TABLE.replace("ballot_id,rank,choice", "Rank,Ballot_ID,x,choice")])
def test_marks_of_the_scanner_are_left_out_and_empty_ballots_stay(text: str) -> None:
    if "Rank" in text:
        text = "Rank,Ballot_ID,x,choice\n2,7,,Ben\n1,7,,Anna\n3,8,,Ben\n1,9,,$UNDERVOTE\n"
    assert dict(ballots(text).ballots) == {((0,), (1,)): 1, ((1,),): 1, (): 1}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("ballot_id,rank,choice\n1,first,Anna\n", 2, "rank"),
        ("ballot_id,rank,choice\n1,1\n", 2, "few columns"),
        ("ballot_id,rank,choice\n", 1, "no choice"),
    ],
)
def test_a_broken_table_is_said_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(FormatError, match=word) as caught:
        read(text, "x.csv")
    assert caught.value.line == line


# -------------------------------------------------------------------------------------------------------------- all of them


def test_the_content_says_the_format_before_the_name_does() -> None:
    assert kind_of(PLAIN, "x.txt") == "blt"
    assert kind_of(HEADS, "x.txt") == "preflib"
    assert kind_of(TABLE, "x.txt") == "table"
    assert kind_of('\n {"format": 1}', "x.blt") == "allmende"
    assert kind_of("META\nkey;value\n", "x") == "pabulib"
    assert kind_of("hello", "x.txt") is None


@pytest.mark.parametrize("content", [b"", b"  \n", b"\0\1\2\3", b"\xff\xfe\0", b"hello world, this is a letter\n"])
def test_what_is_no_file_of_ballots_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ballots"
    path.write_bytes(content)
    with pytest.raises(FormatError):
        read_file(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read_file(tmp_path / "nothing.blt")
