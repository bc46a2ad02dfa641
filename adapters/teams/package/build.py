"""Fills the manifest and packs it with the icons."""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.teams.package.icons import draw_color, draw_outline

FOLDER = Path(__file__).parent
MANIFEST, JAPANESE = "manifest.json", "ja.json"

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HOLE = re.compile(r"\$\{(\w+)\}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


class PackageError(ValueError):
    """What was given makes no package; the text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Details:
    """What differs from company to company. Addresses are https; the name has at most 30 characters, as Teams wants."""

    app_id: str
    name: str = "Musubi"
    developer: str = "Musubi"
    website: str = "https://example.com/"
    privacy: str = "https://example.com/privacy"
    terms: str = "https://example.com/terms"
    version: str = "1.0.0"

    def check(self) -> None:
        """Raises PackageError."""
        if not _GUID.fullmatch(self.app_id):
            raise PackageError("The app id must be the GUID of the app registration (TEAMS_APP_ID or --app-id).")
        if not 1 <= len(self.name) <= 30 or not 1 <= len(self.developer) <= 32:
            raise PackageError("The name may have 30 characters, the developer's 32.")
        if not all(url.startswith("https://") for url in (self.website, self.privacy, self.terms)):
            raise PackageError("Website, privacy and terms must be https addresses.")
        if not _VERSION.fullmatch(self.version):
            raise PackageError("The version must be three numbers, such as 1.0.0.")


def make_manifest(details: Details) -> dict[str, Any]:
    """The manifest. Raises PackageError."""
    return _fill(MANIFEST, details)


def make_japanese(details: Details) -> dict[str, Any]:
    """The Japanese texts. Raises PackageError."""
    return _fill(JAPANESE, details)


def build_package(details: Details) -> Mapping[str, bytes]:
    """The package's files by name. Raises PackageError."""
    return {
        MANIFEST: _as_json(make_manifest(details)),
        JAPANESE: _as_json(make_japanese(details)),
        "color.png": draw_color(),
        "outline.png": draw_outline(),
    }


def write_package(details: Details, path: Path) -> None:
    """Writes the package as a zip file, the same bytes for the same details. Raises PackageError, OSError."""
    files = build_package(details)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def _fill(file: str, details: Details) -> dict[str, Any]:
    details.check()
    template = (FOLDER / file).read_text(encoding="utf-8")
    return json.loads(_HOLE.sub(lambda hole: json.dumps(getattr(details, hole[1]))[1:-1], template))


def _as_json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
