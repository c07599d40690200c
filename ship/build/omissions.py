"""What is left out of the layer, and why. Nothing of anybody's is changed: a file ships as it is, or not at all.

Each line was found by looking at what the functions open while they answer every golden event on the built layer,
which is also what keeps the table true: `ship/build/check.py`, and the tests.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

EVERY = "*"


class Omission(NamedTuple):
    """A part of a package that does not ship.

    Attributes:
        package: its canonical name, or EVERY.
        files: patterns of paths from the layer's `python/` folder on; `*` goes across folders. EVERY: the whole
            package, with what only it needs.
        why: the reason, in one sentence.
        but_for: runtimes for which it does ship.
    """

    package: str
    files: tuple[str, ...]
    why: str
    but_for: tuple[str, ...] = ()


OMISSIONS = (
    Omission(
        "numpy",
        (EVERY,),
        "only flatbuffers looks for it, and does without; TableStore's SQL and time series want it, which nothing uses",
    ),
    Omission(
        "future",
        (EVERY,),
        "Python 2's names for Python 3: the TableStore SDK asks for `builtins`, which Python 3 has itself",
    ),
    Omission(
        "tablestore",
        ("tablestore/ots_sdk/*.so",),
        "the native codec is built for Python 3.12 alone; elsewhere the SDK takes its Python codec",
        but_for=("python3.12",),
    ),
    Omission("tablestore", ("*-darwin.so",), "built for macOS"),
    Omission(
        "pycryptodome",
        ("Crypto/PublicKey/*.so",),
        "elliptic curves and lattices; of public keys the OSS SDK imports RSA only, for a client that nothing uses",
    ),
    Omission("pycryptodome", ("Crypto/SelfTest/*",), "its tests of itself"),
    Omission(EVERY, ("*.pyi",), "for type checkers: never read when a program runs"),
    Omission(
        EVERY, ("*.c", "*.h", "*.pyx", "*.pxd", "*.pxi", "*.pyx.hash", "*.pxd.hash"), "sources of what is compiled"
    ),
    Omission(
        EVERY,
        ("*.dist-info/RECORD", "*.dist-info/WHEEL", "*.dist-info/top_level.txt"),
        "notes of installers, which would name files that are not there",
    ),
)


def left_out_packages(table: tuple[Omission, ...] = OMISSIONS) -> frozenset[str]:
    """The packages of which nothing ships."""
    return frozenset(each.package for each in table if each.files == (EVERY,))


def omission(package: str, path: str, runtime: str, table: tuple[Omission, ...] = OMISSIONS) -> Omission | None:
    """Why the file at `path` of `package` does not ship for this runtime, or None if it does."""
    for each in table:
        concerned = each.package in (package, EVERY) and runtime not in each.but_for
        if concerned and any(fnmatchcase(path, pattern) for pattern in each.files):
            return each
    return None
