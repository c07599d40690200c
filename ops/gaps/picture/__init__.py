"""The gaps as a picture: one file that needs nothing else, for people who would rather look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.gaps.picture import drawing, page

if TYPE_CHECKING:
    from pathlib import Path

    from ops.gaps.report import Report


def write(report: Report, path: Path) -> None:
    """Write it: as SVG the charts alone, else as HTML with the lists. Raises OSError."""
    text = drawing.alone(report) if path.suffix == ".svg" else page.html(report)
    path.write_text(text, encoding="utf-8")
