"""The platform's Python runtimes, as far as a build for one has to know them."""

from __future__ import annotations

from typing import NamedTuple

from ops.problems import Problem

_LEGACY = {17: "manylinux2014_x86_64", 12: "manylinux2010_x86_64", 5: "manylinux1_x86_64"}
_OLDEST_GLIBC = 5


class Runtime(NamedTuple):
    """A runtime of Function Compute; all of them are linux x86_64.

    Attributes:
        name: as `template.yml` writes it.
        version: of its Python, `3.12`.
        glibc: minor version of its C library, which says what wheels may ask for.
    """

    name: str
    version: str
    glibc: int

    @property
    def platforms(self) -> list[str]:
        """The wheel platforms that run there, the newest first, which is the order that pip prefers them in."""
        names: list[str] = []
        for minor in range(self.glibc, _OLDEST_GLIBC - 1, -1):
            names.append(f"manylinux_2_{minor}_x86_64")
            if minor in _LEGACY:
                names.append(_LEGACY[minor])
        return [*names, "linux_x86_64"]

    @property
    def markers(self) -> dict[str, str]:
        """What `python_version` and its like are there, whatever Python runs the build."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "os_name": "posix",
            "platform_machine": "x86_64",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "python_version": self.version,
            "sys_platform": "linux",
        }


RUNTIMES = {
    # Debian 11 and Debian 10.
    "python3.12": Runtime("python3.12", "3.12", 31),
    "python3.10": Runtime("python3.10", "3.10", 28),
}


def runtime(name: str) -> Runtime:
    """The runtime of that name. Raises Problem if the layer cannot be built for it."""
    if name not in RUNTIMES:
        raise Problem(f"RUNTIME: {name} is not one of {', '.join(RUNTIMES)}")
    return RUNTIMES[name]
