"""The app package that an administrator uploads to Teams: manifest, Japanese texts, two icons.

`python -m adapters.teams.package` (or `make teams-package`) writes it to var/musubi-teams.zip.
"""

from adapters.teams.package.build import PackageError, build_package, make_manifest

__all__ = ["PackageError", "build_package", "make_manifest"]
