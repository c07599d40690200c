"""docs/vendors.md: what it says to be shown is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "vendors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))))
def test_every_test_that_the_page_names_is_there(path: str) -> None:
    """A capability that the vendors' documents name has a test to run."""
    assert "def test_" in (ROOT / path).read_text(encoding="utf-8")


def test_both_vendors_settings_are_named() -> None:
    """The table names the settings that tell who pushes and where recordings are had."""
    assert all(f"`{name}`" in PAGE for name in ("ALIYUN_PUSH_TOKENS", "HUAWEI_APPS", "HUAWEI_API_ENDPOINT"))
