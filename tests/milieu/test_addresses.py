"""One form of an address and of a password, whoever asks and however it is typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import Invalid
from milieu.services.access.addresses import normal_address, read_address, wire_address
from milieu.services.access.passwords import hash_password, is_right


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Dee@Elm.Example\n", "dee@elm.example"),
        ("director@ｌinden.example", "director@linden.example"),
        ("director@linden。example", "director@linden.example"),
        ("ｄｅｅ＠elm｡example", "dee@elm.example"),
        ("desk@home.local", "desk@home.local"),
        ("dee@localhost", "dee@localhost"),
        ("dee@10.0.0.7", "dee@10.0.0.7"),
        ("o'neill+week@elm.example", "o'neill+week@elm.example"),
        ("zoë@elm.example", "zoë@elm.example"),
        ("ZOE\u0308@elm.example", "zoë@elm.example"),
        ("dee@MÜNCHEN.example", "dee@münchen.example"),
        ("dee@xn--mnchen-3ya.example", "dee@münchen.example"),
        ("dee@XN--MNCHEN-3YA.example", "dee@münchen.example"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert (normal_address(typed), read_address(typed)) == (address, address)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Dee <dee@elm.example>", "without a name and without < and >"),
        ("dee", "needs a name, an @ and a place"),
        ("@elm.example", "needs a name, an @ and a place"),
        ("dee@", "needs a name, an @ and a place"),
        ("d ee@elm.example", "no spaces and no hidden letters"),
        ("dee\x00@elm.example", "no hidden letters"),
        ("dee@el\u00adm.example", "no hidden letters"),
        ("dee\u202e@elm.example", "no hidden letters"),
        ("dee@elm@oak.example", "before the @"),
        ("dee,ben@elm.example", "before the @"),
        (".dee@elm.example", "before the @"),
        ("dee@elm..example", "after the @"),
        ("dee@-elm.example", "after the @"),
        ("dee@el_m.example", "after the @"),
        ("x" * 65 + "@elm.example", "too long"),
        ("dee@" + "elm." * 70 + "example", "too long"),
        ("dee@" + "x" * 64 + ".example", "after the @"),
    ],
)
def test_what_is_no_address_is_told_why(typed: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_address(typed)


@pytest.mark.slow(2)
@given(st.text(max_size=60) | st.from_regex(r"[a-zA-Zａ-ｚ.+]{1,9}[@＠][a-zA-ZüÜ.。｡-]{1,20}", fullmatch=True))
def test_the_form_of_a_form_is_itself(typed: str) -> None:
    try:
        address = read_address(typed)
    except Invalid:
        return
    assert normal_address(address) == address == read_address(typed.upper().lower()) or not typed.isascii()
    assert wire_address(address).rpartition("@")[2].isascii()


@pytest.mark.parametrize(
    "password", ["Grüße an Zoë", "drei½ Semmeln", "señor núñez ó", "ﬁnger ﬂute", "한글 비밀번호 열자리"]
)
def test_a_password_is_right_on_every_keyboard(password: str) -> None:
    for set_as in ("NFC", "NFD", "NFKC", "NFKD"):
        stored = hash_password(unicodedata.normalize(set_as, password))  # type: ignore[arg-type]
        assert is_right(stored, unicodedata.normalize("NFD", password))
        assert is_right(stored, password)
    assert not is_right(stored, password + "x")


def test_nobodys_password_is_never_right() -> None:
    assert not is_right(None, "sixteen letters!")
    assert not is_right("no hash at all", "sixteen letters!")
