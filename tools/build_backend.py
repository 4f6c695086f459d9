"""Builds the package as flit does, with the shipped archive's records inside it, so that the program can read them in place.

In a checkout the records lie in ``testimonies/``, and ``archive/collection/shipped/testimonies`` is a link to them, which no
wheel can hold; here their files are put in its place. Named in ``pyproject.toml`` as the build backend (PEP 517).
"""

from pathlib import Path
from typing import Any, Final

from flit_core import buildapi, wheel

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

RECORDS: Final = "testimonies"
INSIDE: Final = "archive/collection/shipped"

build_editable = buildapi.build_editable
build_sdist = buildapi.build_sdist
get_requires_for_build_editable = buildapi.get_requires_for_build_editable
get_requires_for_build_sdist = buildapi.get_requires_for_build_sdist
get_requires_for_build_wheel = buildapi.get_requires_for_build_wheel
prepare_metadata_for_build_editable = buildapi.prepare_metadata_for_build_editable
prepare_metadata_for_build_wheel = buildapi.prepare_metadata_for_build_wheel


class _WithRecords(wheel.WheelBuilder):  # type: ignore[misc]  # flit carries no types
    """A wheel with the records in it, in the order of their names."""

    def copy_module(self) -> None:
        super().copy_module()
        top = Path(self.directory)
        for file in sorted((top / RECORDS).rglob("*.md")):
            self._add_file(file, f"{INSIDE}/{file.relative_to(top).as_posix()}")


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:  # noqa: ANN401 - PEP 517
    """Build a wheel into a folder; returns its name."""
    plain, wheel.WheelBuilder = wheel.WheelBuilder, _WithRecords
    try:
        return str(buildapi.build_wheel(wheel_directory, config_settings, metadata_directory))
    finally:
        wheel.WheelBuilder = plain
