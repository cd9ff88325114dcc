"""Nothing that others write against is undocumented, and every refusal has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from queue_server.api.blueprint import FIELD_CODES
from queue_server.commands.all import aufruf
from queue_server.domain import errors
from queue_server.domain.priority import Reason
from queue_server.domain.ticket import PRECEDENCE_REASONS, TicketState
from queue_server.realtime import messages
from queue_server.settings.environment import known_variables
from queue_server.settings.schema import every_key
from queue_server.web import reasons, refusals, wording
from queue_server.web.errors import CONFLICT, STATUS

ROOT = Path(__file__).parents[1]
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()
MESSAGES = (ROOT / "docs" / "messages.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
SHELL = CONFIGURATION + (ROOT / "README.md").read_text()
DIRECT = errors.Refused.__subclasses__()
REFUSALS = [errors.Refused, *DIRECT, *(kind for each in DIRECT for kind in each.__subclasses__())]
# These speak for all of their kind: 409 is the rules' "no".
SAID_BY_WHY = {
    "not_issuing": (
        *("closed", "closed_long", "closing", "quota", "quota_all", "not_walk_in"),
        *("stopped_clerk", "stopped_clerk_all", "stopped_forecast", "stopped_forecast_all"),
        *("stopped", "stopped_all", "stopped_clerk_again"),
        "stopped_forecast_again",
    )
}


def verbs(command: click.Command = aufruf, name: str = "aufruf") -> Iterator[tuple[str, list[str]]]:
    """Every verb of the command with its long options."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            inner = command.get_command(context, word)
            assert inner is not None
            yield from verbs(inner, f"{name} {word}")
    else:
        options = [option for param in command.params for option in param.opts if "--" in option]
        yield name, options


def documented_keys() -> list[str]:
    """Every key once: what is translated has the same keys in every language."""
    each = re.compile(r"(translated|voices)\.[\w-]+")
    return list(dict.fromkeys(each.sub(r"\1.LANGUAGE", key) for key in every_key()))


@pytest.mark.parametrize("key", documented_keys())
def test_every_key_of_the_configuration_is_documented(key: str) -> None:
    assert f"`{key}`" in CONFIGURATION


def test_no_documented_key_is_made_up() -> None:
    sections = "server|database|realtime|mail|push|privacy|backup|legal|webhook|site"
    written = re.findall(rf"`((?:{sections})\.[\w.]+)`", CONFIGURATION)

    assert sorted(written) == sorted(documented_keys())


def test_every_secret_and_every_special_variable_is_documented() -> None:
    secrets = [name for name, variable in known_variables().items() if variable.names_a_file]

    assert secrets
    for name in (*secrets, "AUFRUF_METRICS_TOKEN", "AUFRUF_CONFIG"):
        assert name.removeprefix("AUFRUF_").removesuffix("_FILE") in CONFIGURATION


@pytest.mark.parametrize(("verb", "options"), list(verbs()), ids=str)
def test_every_verb_and_option_of_the_command_is_documented(verb: str, options: list[str]) -> None:
    assert verb in SHELL
    assert [option for option in options if f"{option}" not in SHELL] == []


@pytest.mark.parametrize("word", [*messages.ASKED, *messages.PUSHED])
def test_every_live_message_is_documented(word: str) -> None:
    assert f"| `{word}` |" in MESSAGES


def test_no_documented_live_message_is_made_up() -> None:
    words = re.findall(r"^\| `(\w+)` \|", MESSAGES, re.MULTILINE)

    assert sorted(words) == sorted([*messages.ASKED, *messages.PUSHED])


def test_every_code_is_used_by_one_refusal_only() -> None:
    codes = [refusal.code for refusal in REFUSALS]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", [refusal.code for refusal in REFUSALS])
def test_every_refusal_has_a_title_a_sentence_and_a_status(code: str) -> None:
    assert code in refusals.TITLES
    for key in [f"{code}.{why}" for why in SAID_BY_WHY.get(code, ())] or [code]:
        assert refusals.SENTENCES[key].endswith(".")
    assert 400 <= STATUS.get(code, CONFLICT) < 600


def test_no_words_are_left_over_from_refusals_that_are_gone() -> None:
    codes = {refusal.code for refusal in REFUSALS}

    assert {*refusals.TITLES, *STATUS} <= codes
    assert {key.partition(".")[0] for key in refusals.SENTENCES} <= codes


def test_every_field_problem_has_a_sentence_and_is_documented() -> None:
    for code in {*FIELD_CODES.values(), *wording.FIELD_PROBLEMS, "type"}:
        assert code in wording.FIELD_PROBLEMS
        assert f"`{code}`" in API


def test_every_state_precedence_and_reason_has_words() -> None:
    assert set(TicketState) <= wording.STATES.keys()
    assert wording.PRECEDENCE.keys() == PRECEDENCE_REASONS
    source = Path(Reason.__module__.replace(".", "/") + ".py")
    calling = ROOT / "queue_server" / "actions" / "calling.py"
    text = (ROOT / source).read_text() + calling.read_text()
    assert set(re.findall(r'Reason\(\s*"(\w+)"', text)) <= reasons.REASONS.keys()


def test_every_answer_to_why_not_yet_has_one_sentence_and_none_is_left_over() -> None:
    source = (ROOT / "queue_server" / "queries" / "why.py").read_text()
    codes = {word for word in re.findall(r'"(\w+)"', source) if word in known_whys()}

    assert codes == known_whys()
    for text in (
        *reasons.SENTENCES.values(),
        *(both for one in reasons.COUNTED.values() for both in one),
    ):
        assert text.endswith(".") and text.count(".") == 1


def known_whys() -> set[str]:
    return {*reasons.SENTENCES, *reasons.COUNTED}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_link_inside_the_documents_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["architecture.md", "changing.md"])
def test_every_file_that_these_pages_name_exists(name: str) -> None:
    """From the root of the repository, or inside of the server's package."""
    named = re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?)`", (ROOT / "docs" / name).read_text())
    places = [ROOT, ROOT / "queue_server"]

    assert named
    assert [one for one in named if not any((place / one).exists() for place in places)] == []
