"""Fields of forms, made from columns: each kind is shown, takes what its column reads, says what is wrong with it."""

import re

from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from milieu.imports.tables import people, places
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale
from web.fields import Words, fields_of, typed_in

PART = Part("all", people.RESIDENTS, ("called", "room", "pronoun", "wheelchair", "cannot", "support", "how_to_invite"))
HOURS = Part("hours", places.SPACE_HOURS, ("space", "days", "date", "from", "to"), "space_id")
WORDS = {name: Words(f"Label of {name}") for name in (*PART.names, *HOURS.names)}


def shown(app: Flask, **more: object) -> str:
    with app.test_request_context("/"):
        return render_template_string(
            '{% from "fields.html" import field %}{% for each in fields %}{{ field(each, "x-") }}{% endfor %}', **more
        )


def test_each_field_has_its_label_and_its_value(app: Flask) -> None:
    held = {"called": "<Ada>", "room": "12", "pronoun": "she", "wheelchair": "yes", "cannot": "walks", "support": "2"}

    page = shown(app, fields=fields_of(PART, WORDS, held))

    assert '<label for="x-called">Label of called' in page
    assert 'value="&lt;Ada&gt;"' in page
    assert '<option value="she" selected>' in page
    assert 'value="walks" checked' in page
    assert 'name="wheelchair" value="yes" checked' in page
    assert 'min="0" max="3" type="number"' in page
    assert "<textarea" in page
    assert " required" in page


def test_what_was_refused_stands_beside_its_field(app: Flask) -> None:
    page = shown(app, fields=fields_of(PART, WORDS, {}, typed={"room": "12"}, refused=Refused({"room": "Too long."})))

    assert 'value="12"' in page
    assert re.findall(r'name="(\w+)"[^>]* autofocus', page) == ["room"]
    assert 'aria-describedby="fault-x-room"' in page
    assert '<p class="note warn" id="fault-x-room">Too long.</p>' in page


def test_what_somebody_else_saved_stands_beside_what_was_typed(app: Flask) -> None:
    stale = Stale({"room": "14", "called": "Ada"}, "Dee", None, 2)

    fields = {
        each.name: each for each in fields_of(PART, WORDS, {}, typed={"room": "12", "called": "Ada"}, refused=stale)
    }

    assert (fields["room"].value, fields["room"].theirs) == ("12", "14")
    assert fields["called"].theirs is None
    assert "Saved meanwhile: 14" in shown(app, fields=list(fields.values()))


def test_boxes_come_back_as_a_list() -> None:
    form = MultiDict([("days", "Mon"), ("days", "Thu"), ("from", "09:00"), ("other", "1")])

    assert typed_in(HOURS, form) == {"days": "Mon;Thu", "from": "09:00"}
