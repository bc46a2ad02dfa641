"""The app package: as Microsoft's schema wants it, icons that are really drawn, commands that the bot really knows."""

import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.teams.package.build import (
    Details,
    PackageError,
    build_package,
    make_japanese,
    make_manifest,
    write_package,
)
from bot.app import build
from bot.incoming import MessageReceived, Origin
from bot.routing import RouteTable
from bot.settings import read_settings

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT.parent / "shared/schemas/teams-manifest-1.24.schema.json"
APP_ID = "11111111-2222-4333-a444-555555555555"
DETAILS = Details(APP_ID)

Pixel = tuple[int, int, int, int]


def list_titles(manifest: dict[str, Any]) -> list[str]:
    return [command["title"] for each in manifest["bots"][0]["commandLists"] for command in each["commands"]]


def list_japanese_titles() -> list[str]:
    return [text for key, text in make_japanese(DETAILS).items() if key.endswith(".title")]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the public schemas are not beside this checkout")
def test_the_manifest_is_what_microsoft_says() -> None:
    validator = Draft4Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(make_manifest(DETAILS))] == []  # pyright: ignore[reportUnknownMemberType]


def test_the_bot_is_the_app_in_all_three_scopes() -> None:
    manifest = make_manifest(DETAILS)
    [bot] = manifest["bots"]
    assert bot["botId"] == manifest["id"] == APP_ID
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert {scope for each in bot["commandLists"] for scope in each["scopes"]} == set(bot["scopes"])


def test_details_are_filled_in_whatever_they_hold() -> None:
    details = Details(APP_ID, name='縁 "結び" \\', website="https://sample-seiki.example/")
    manifest = make_manifest(details)
    assert manifest["name"]["short"] == '縁 "結び" \\'
    assert manifest["developer"]["websiteUrl"] == "https://sample-seiki.example/"
    assert "${" not in json.dumps([manifest, make_japanese(details)])


def test_every_text_exists_in_japanese() -> None:
    """Teams finds a text by its path, such as `bots[0].commandLists[0].commands[0].title`."""
    japanese = {key: text for key, text in make_japanese(DETAILS).items() if key != "$schema"}
    assert japanese.keys() == set(list_texts(make_manifest(DETAILS)))
    assert all(re.search(r"[ぁ-んァ-ヶ一-龠]", text) for key, text in japanese.items() if key != "name.short")


def list_texts(manifest: dict[str, Any]) -> list[str]:
    paths = ["name.short", "name.full", "description.short", "description.full"]
    for number, each in enumerate(manifest["bots"][0]["commandLists"]):
        for position in range(len(each["commands"])):
            path = f"bots[0].commandLists[{number}].commands[{position}]"
            paths += [f"{path}.title", f"{path}.description"]
    return paths


def test_japanese_texts_fit() -> None:
    japanese = make_japanese(DETAILS)
    assert len(japanese["description.short"]) <= 80
    assert len(japanese["name.full"]) <= 100
    assert all(len(title) <= 32 for title in list_japanese_titles())


@pytest.fixture
def table(tmp_path: Path) -> Iterator[RouteTable]:
    """The real routes."""
    app = build(read_settings(_env_file=None, musubi_database_url=f"sqlite:///{tmp_path}/m.db", musubi_secret="s"))
    yield app.table
    app.store.close()


@pytest.mark.parametrize("title", sorted({*list_titles(make_manifest(DETAILS)), *list_japanese_titles()}))
def test_every_command_in_the_menu_is_one_that_the_bot_knows(table: RouteTable, title: str) -> None:
    assert table.read_message(MessageReceived(Origin("teams", "t", "u"), title)) is not None


def test_the_menu_has_the_commands_marked_for_it_and_no_others(table: RouteTable) -> None:
    for offered in (set(list_titles(make_manifest(DETAILS))), set(list_japanese_titles())):
        shown = {route.key[1] for route in table.list_commands() if offered.intersection(route.words)}
        assert shown == {route.key[1] for route in table.list_commands() if route.menu}


def test_no_scope_has_more_commands_than_teams_shows() -> None:
    assert [len(each["commands"]) <= 12 for each in make_manifest(DETAILS)["bots"][0]["commandLists"]] == [True, True]


def test_a_title_and_its_translation_mean_the_same(table: RouteTable) -> None:
    for english, japanese in zip(list_titles(make_manifest(DETAILS)), list_japanese_titles(), strict=True):
        meant = [table.read_message(MessageReceived(Origin("teams", "t", "u"), title)) for title in (english, japanese)]
        assert meant[0] == meant[1]


def read_png(content: bytes) -> tuple[int, int, list[list[Pixel]]]:
    """Width, height and pixels of an 8-bit RGBA picture without filters."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, color = struct.unpack(">IIBB", content[16:26])
    assert (depth, color) == (8, 6)
    length = struct.unpack(">I", content[33:37])[0]
    assert content[37:41] == b"IDAT"
    raw = zlib.decompress(content[41 : 41 + length])
    rows = [raw[start + 1 : start + 1 + width * 4] for start in range(0, len(raw), width * 4 + 1)]
    return width, height, [[_pixel(row, column) for column in range(width)] for row in rows]


def _pixel(row: bytes, column: int) -> Pixel:
    red, green, blue, alpha = row[column * 4 : column * 4 + 4]
    return red, green, blue, alpha


def test_the_color_icon_is_a_knot_on_paper() -> None:
    width, height, rows = read_png(build_package(DETAILS)["color.png"])
    assert (width, height) == (192, 192)
    pixels = [pixel for row in rows for pixel in row]
    assert {pixel[3] for pixel in pixels} == {255}, "full, no transparent part"
    assert pixels.count((200, 80, 47, 255)) > 1500
    assert pixels.count((39, 68, 110, 255)) > 300
    assert rows[0][0] == rows[191][191] == (250, 248, 244, 255)


def test_the_outline_icon_is_white_on_nothing() -> None:
    width, height, rows = read_png(build_package(DETAILS)["outline.png"])
    assert (width, height) == (32, 32)
    pixels = [pixel for row in rows for pixel in row]
    assert {pixel[:3] for pixel in pixels} == {(255, 255, 255)}
    alphas = [pixel[3] for pixel in pixels]
    assert alphas.count(0) > 500
    assert alphas.count(255) > 80


def test_strokes_are_smooth() -> None:
    _, _, rows = read_png(build_package(DETAILS)["outline.png"])
    assert len({pixel[3] for row in rows for pixel in row}) > 20


def test_the_package_is_the_same_every_time(tmp_path: Path) -> None:
    paths = [tmp_path / "a.zip", tmp_path / "deep" / "b.zip"]
    for path in paths:
        write_package(DETAILS, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as archive:
        assert archive.namelist() == ["manifest.json", "ja.json", "color.png", "outline.png"]
        manifest = json.loads(archive.read("manifest.json"))
    assert {manifest["icons"]["color"], manifest["icons"]["outline"]} <= set(archive.namelist())
    assert manifest["localizationInfo"]["additionalLanguages"] == [{"languageTag": "ja", "file": "ja.json"}]


@pytest.mark.parametrize(
    "change",
    [
        {"app_id": ""},
        {"app_id": "musubi"},
        {"name": ""},
        {"name": "あ" * 31},
        {"developer": "x" * 33},
        {"website": "http://sample-seiki.example/"},
        {"terms": "javascript:alert(1)"},
        {"version": "1.0"},
    ],
)
def test_details_that_make_no_package(change: dict[str, str]) -> None:
    with pytest.raises(PackageError):
        build_package(Details(**({"app_id": APP_ID} | change)))


def run(*arguments: str, app_id: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "adapters.teams.package", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "TEAMS_APP_ID": app_id, "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_command_writes_the_package(tmp_path: Path) -> None:
    done = run("--to", str(tmp_path / "m.zip"), app_id=APP_ID)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--privacy" in done.stdout
    with zipfile.ZipFile(tmp_path / "m.zip") as archive:
        assert json.loads(archive.read("manifest.json"))["id"] == APP_ID


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    done = run("--to", str(tmp_path / "m.zip"))
    assert done.returncode == 2
    assert "TEAMS_APP_ID" in done.stderr
    assert not (tmp_path / "m.zip").exists()
