"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from receipts.store.sdk import NATIVE_ENCODER_AVAILABLE

PACKAGES = ("tablestore", "protobuf", "pydantic", "pydantic_core", "urllib3", "oss2", "requests", "anycrc")


def described() -> dict[str, str]:
    """Processor, system, Python, the versions of the packages that take part, and which of its codecs the SDK uses."""
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "System": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Packages": ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
        "TableStore codec": "native" if NATIVE_ENCODER_AVAILABLE else "Python",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")
