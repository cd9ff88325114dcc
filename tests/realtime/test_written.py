"""A message that is written already arrives as any other."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from socketio.packet import ACK, EVENT, Packet

from queue_server.realtime.written import MessageJson, Written, written

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


class Note(BaseModel):
    text: str
    room: str | None = None


class OurPacket(Packet):
    json = MessageJson


@given(st.lists(values, max_size=3), st.sampled_from([EVENT, ACK]), st.none() | st.integers(0, 99))
def test_written_and_unwritten_arguments_are_read_the_same(
    arguments: list[Any], kind: int, id: int | None
) -> None:
    ready = [Written(json.dumps(argument)) for argument in arguments]

    for mixed in (ready, [*ready[:1], *arguments[1:]], arguments):
        sent = OurPacket(kind, data=["word", *mixed], id=id).encode()
        assert Packet(encoded_packet=sent).data == ["word", *arguments]


def test_a_text_that_looks_like_json_stays_a_text() -> None:
    assert json.loads(MessageJson.dumps(["word", '{"a":1}'])) == ["word", '{"a":1}']


def test_a_model_is_written_with_all_its_fields() -> None:
    note = Note(text="Grüße an „Schalter 3“")

    assert json.loads(written(note)) == {"text": note.text, "room": None}
