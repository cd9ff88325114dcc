"""What a client may send over a socket: our few words, and nothing that the libraries trip over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engineio.packet import Packet as EnginePacket
from hypothesis import given
from hypothesis import strategies as st
from socketio.packet import EVENT, Packet

from queue_server.realtime.admission import LONGEST_PACKET, is_acceptable, packets_of
from queue_server.realtime.messages import ASKED

words = st.sampled_from(ASKED)
bodies = st.dictionaries(st.text(max_size=10), st.text(max_size=20) | st.integers(0, 999))


@given(words, bodies, st.none() | st.integers(0, 99_999))
def test_whatever_our_pages_ask_is_acceptable(word: str, body: Any, id: int | None) -> None:
    written = Packet(EVENT, data=[word, body], id=id).encode()

    assert is_acceptable(f"4{written}")


@pytest.mark.parametrize("packet", ["40", '40{"token":"x"}', "40/,", "41", "3", "1", "5", "2probe"])
def test_connecting_upgrading_and_hanging_up_is_acceptable(packet: str) -> None:
    assert is_acceptable(packet)


@pytest.mark.parametrize(
    "packet",
    [
        *("", "0", "2", "6", "9", "x", "b", "4", "42", "42{}", "42[]", "42[1]", '42["a"', "41[]"),
        *("40[]", "43{}", "44{}", '450-["a"]', '461-["a"]', "40" + "1" * 11, "4\x002[]", "２"),
        '42["beat"]' + " " * LONGEST_PACKET,
    ],
)
def test_every_other_kind_is_not(packet: str) -> None:
    assert not is_acceptable(packet)


@given(st.text(max_size=40) | st.text('0123456bx[]{}",-/', max_size=20))
def test_what_is_acceptable_is_understood_by_the_libraries(packet: str) -> None:
    if is_acceptable(packet):
        read = EnginePacket(encoded_packet=packet)
        if packet.startswith("4"):
            assert Packet(encoded_packet=read.data).attachment_count == 0


def test_one_bad_packet_spoils_a_whole_body() -> None:
    good = "42" + json.dumps(["beat"])

    assert packets_of(f"{good}\x1e3") == [good, "3"]
    assert packets_of(f"{good}\x1e9") is None
