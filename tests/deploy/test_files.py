"""What deploy/ names exists: files, commands, ports, volumes, variables. No image is built here."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from queue_server.commands.all import aufruf
from queue_server.settings import ServerSettings
from queue_server.settings.environment import known_variables

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
PORT = ServerSettings(Path()).port
PATIENCE_SECONDS = 30


def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return content


def instructions(word: str) -> list[str]:
    """What follows this word in the Dockerfile, lines that go on joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{word} (.+)$", joined, re.MULTILINE)


def understood(words: list[str]) -> None:
    """These words are a verb of `aufruf` with options that it has."""
    command: click.Command = aufruf
    while isinstance(command, click.Group) and words:
        verb = command.get_command(click.Context(command), words[0])
        assert verb is not None, words
        command, words = verb, words[1:]
    options = {option for param in command.params for option in param.opts}
    assert [word for word in words if word.startswith("--") and word not in options] == []


# -- every file --------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(each.name for each in DEPLOY.iterdir() if each.is_file()))
def test_every_file_of_deploy_is_explained(file: str) -> None:
    assert file in OPERATIONS


@pytest.mark.parametrize("script", sorted(each.name for each in DEPLOY.glob("*.sh")))
def test_every_script_can_be_read_by_the_shell(script: str) -> None:
    subprocess.run(["sh", "-n", DEPLOY / script], check=True)


def test_every_command_of_the_handbook_exists() -> None:
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", OPERATIONS, re.DOTALL))
    inline = "\n".join(re.findall(r"`([^`\n]+)`", OPERATIONS))
    told = re.findall(
        r"^(?:sudo -u aufruf )?\S*\baufruf ([a-z].*?)(?: +#.*)?$", blocks + "\n" + inline, re.M
    )

    assert len(told) > 20
    for words in told:
        understood([word for word in re.sub(r"[<>|(].*", "", words).split() if word != "…"])


# -- containers --------------------------------------------------------------------------------


def test_the_image_copies_what_there_is_and_ignores_nothing_that_the_wheel_needs() -> None:
    sources = [words.split()[0] for words in instructions("COPY") if not words.startswith("--from")]
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]

    assert all((ROOT / name).exists() for name in [*sources, *kept])
    assert {each.rstrip("*") for each in packages} <= kept
    assert {"pyproject.toml", *project["project"]["license-files"]} <= kept
    assert {name for name in sources if name != "."} <= kept


def test_the_image_runs_a_command_that_there_is() -> None:
    entry, command = (json.loads(*instructions(word)) for word in ("ENTRYPOINT", "CMD"))

    assert entry == ["aufruf"]
    understood(command)
    assert command[command.index("--port") + 1] == str(PORT)
    assert instructions("EXPOSE") == [str(PORT)]
    assert f"127.0.0.1:{PORT}/healthz" in instructions("HEALTHCHECK")[0]


def test_the_image_sets_variables_that_aufruf_reads() -> None:
    (line,) = instructions("ENV")
    variables = dict(word.split("=", 1) for word in shlex.split(line))
    ours = {name for name in variables if name.startswith("AUFRUF_")}

    assert ours - {"AUFRUF_CONFIG"} <= known_variables().keys()
    assert variables["AUFRUF_SERVER_DATA_DIR"] in instructions("VOLUME")


def test_containers_keep_what_is_written_and_publish_the_proxy_alone() -> None:
    services = compose()["services"]
    office, proxy = services["aufruf"], services["proxy"]
    mounted = dict(each.split(":")[:2][::-1] for each in office["volumes"])
    source, target, *_ = proxy["volumes"][0].split(":")

    assert instructions("VOLUME")[0] in mounted and "/etc/aufruf" in mounted
    assert mounted[instructions("VOLUME")[0]] in compose()["volumes"]
    assert "ports" not in office and office["expose"] == [str(PORT)]
    assert proxy["environment"]["AUFRUF_UPSTREAM"] == f"aufruf:{PORT}"
    assert (DEPLOY / source).is_file() and target == "/etc/caddy/Caddyfile"
    assert (DEPLOY / office["build"]["context"] / office["build"]["dockerfile"]).is_file()
    assert {*office["networks"], *proxy["networks"]} <= compose()["networks"].keys()
    assert compose()["networks"]["inside"]["internal"] is True


def test_the_account_inside_is_the_one_that_the_folders_are_given_to() -> None:
    (uid,) = re.findall(r"--uid (\d+)", DOCKERFILE)

    assert f"install -d -o {uid}" in (DEPLOY / "compose.yaml").read_text()
    assert instructions("USER") == ["aufruf"]


def test_two_servers_share_a_database_and_the_proxy_knows_both() -> None:
    content = yaml.safe_load((DEPLOY / "compose-two-servers.yaml").read_text())
    services = content["services"]
    offices = {name: each for name, each in services.items() if each.get("image") == "aufruf"}
    reached = services["proxy"]["environment"]["AUFRUF_UPSTREAM"].split()

    assert reached == [f"{name}:{PORT}" for name in offices] and len(reached) == 2
    assert services["proxy"]["depends_on"] == list(offices)
    kept = [volume for each in offices.values() for volume in each["volumes"] if "data" in volume]
    assert len(set(kept)) == 2 and all("ports" not in each for each in services.values() if each
                                       is not services["proxy"])  # fmt: skip
    named = {volume.split(":")[0] for each in services.values() for volume in each["volumes"]}
    assert {name for name in named if not name.startswith(".")} == content["volumes"].keys()
    assert "outside" not in services["database"]["networks"]


# -- proxies and the unit ----------------------------------------------------------------------


@pytest.mark.parametrize("file", ["Caddyfile", "nginx.conf", "haproxy.cfg"])
def test_all_proxies_reach_the_port_hide_the_figures_and_log_no_request(file: str) -> None:
    text = (DEPLOY / file).read_text()

    assert re.search(rf"\d:{PORT}\b", text) and f"#   port = {PORT}" in text
    assert "/metrics" in text
    silent = ("access_log off", "exclude http.log.access http.log.error", "option dontlog-normal")
    assert any(words in text for words in silent)
    assert text.count("{") == text.count("}")


def test_the_unit_runs_a_command_that_there_is_and_lets_the_office_save_its_file() -> None:
    unit = (DEPLOY / "aufruf.service").read_text()
    (start,) = re.findall(r"^ExecStart=\S+/aufruf (.+)$", unit, re.MULTILINE)

    understood(start.split())
    folder = str(Path(start.split("--config ")[1]).parent)
    assert f"ReadWritePaths={folder}" in unit, "the file is saved by a new one beside it"


def test_the_unit_tries_again_for_as_long_as_it_takes() -> None:
    unit = (DEPLOY / "aufruf.service").read_text()

    assert "Restart=always" in unit
    assert "StartLimitIntervalSec=0" in unit.partition("[Service]")[0], "systemd would give up"
    assert "OOMPolicy=continue" in unit, "systemd would stop the process that begins again"


# -- screens -----------------------------------------------------------------------------------


def screen(tmp_path: Path, *words: str, **variables: str) -> list[str]:
    """The first words that the browser, and before it what turns screens, was called with."""
    said = tmp_path / "said"
    for name, prints in (("chromium", ""), ("xrandr", "HDMI-1 connected 1920x1080"), ("xset", "")):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\n[ $# = 0 ] || echo "{name} $@" >> {said}\necho "{prints}"\n'
        )
        program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "HOME": str(tmp_path), "DISPLAY": ":9", "WAIT_SECONDS": "0"}
    script = subprocess.Popen(
        ["sh", str(DEPLOY / "start-screen.sh"), *words], env=own | variables, start_new_session=True
    )
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not (said.exists() and "chromium" in said.read_text()):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    os.killpg(script.pid, 15)
    script.wait()
    return said.read_text().splitlines()


def test_a_wall_speaks_without_a_touch_and_follows_its_screen(tmp_path: Path) -> None:
    address = "https://aufruf.example/display/wand"

    told = screen(tmp_path, "wall", address, ROTATE="left", ZOOM="1.5", RESTART_AT="03:30")

    assert told[:2] == ["xset s off -dpms", "xrandr --output HDMI-1 --rotate left"]
    assert "--autoplay-policy=no-user-gesture-required" in told[2]
    assert "--force-device-scale-factor=1.5" in told[2] and told[2].endswith(address)


def test_a_kiosk_has_its_camera_and_prints_without_a_question(tmp_path: Path) -> None:
    told = screen(tmp_path, "kiosk", "https://aufruf.example/kiosk/eingang", RESTART_AT="never")

    assert "--use-fake-ui-for-media-stream" in told[-1] and "--kiosk-printing" in told[-1]
    assert not any(line.startswith("xrandr --output") for line in told)


def test_policies_of_screens_open_one_site_only() -> None:
    policies = json.loads((DEPLOY / "chromium-policies.json").read_text())

    site = policies["URLAllowlist"]
    assert policies["AutoplayAllowlist"] == policies["VideoCaptureAllowedUrls"] == site
    assert "https://*" in policies["URLBlocklist"]
