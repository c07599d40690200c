"""What is left out is left out for a reason, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.problems import Problem
from ship.build.omissions import OMISSIONS, left_out_packages, omission
from ship.build.unpack import unpack
from tests.ship.build.made_up import wheel

if TYPE_CHECKING:
    from pathlib import Path

RUNTIME = "python3.12"


@pytest.mark.parametrize(
    ("package", "path"),
    [
        ("pycryptodome", "Crypto/SelfTest/Cipher/test_AES.py"),
        ("pycryptodome", "Crypto/PublicKey/_ec_nat.abi3.so"),
        ("tablestore", "tablestore/native/native_plainbuffer.cpython-313-darwin.so"),
        ("aiohttp", "aiohttp/_http_parser.pyx"),
        ("attrs", "attr/__init__.pyi"),
        ("attrs", "attrs-26.1.0.dist-info/RECORD"),
    ],
)
def test_dead_weight_does_not_ship(package: str, path: str) -> None:
    """Self-tests, stubs, sources of what is compiled, codecs of other systems."""
    assert omission(package, path, RUNTIME)


@pytest.mark.parametrize(
    ("package", "path"),
    [
        ("pycryptodome", "Crypto/PublicKey/RSA.py"),
        ("pycryptodome", "Crypto/Math/_nat.abi3.so"),
        ("certifi", "certifi/cacert.pem"),
        ("aliyun-python-sdk-core", "aliyunsdkcore/data/endpoints.json"),
        ("pydantic", "pydantic/py.typed"),
        ("yarl", "yarl-1.25.1.dist-info/licenses/NOTICE"),
        ("jmespath", "jmespath-1.1.0.dist-info/LICENSE"),
        ("tablestore", "tablestore/ots_sdk/ots_sdk.so"),
    ],
)
def test_what_is_needed_and_every_licence_ships(package: str, path: str) -> None:
    """A pattern takes no more than its reason says."""
    assert omission(package, path, RUNTIME) is None


def test_the_native_codec_ships_where_it_loads() -> None:
    """It is built for Python 3.12 alone: elsewhere 14 MB would never be opened."""
    codec = ("tablestore", "tablestore/ots_sdk/ots_sdk.so")
    assert omission(*codec, "python3.12") is None
    assert omission(*codec, "python3.10")


def test_every_omission_has_a_reason() -> None:
    """Whoever reads the printed table is told why."""
    assert all(len(each.why.split()) >= 3 for each in OMISSIONS)
    assert left_out_packages() == {"numpy", "future"}


def test_a_wheel_is_unpacked_without_what_is_left_out(tmp_path: Path) -> None:
    """Modules, data and licences arrive as they are; scripts and headers beside the packages do not."""
    files = {
        "made/__init__.pyi": "ANSWER: int\n",
        "made-1.0.data/purelib/made/more.py": "MORE = 1\n",
        "made-1.0.data/scripts/made": "#!python\n",
    }
    shipped = unpack("made", wheel(tmp_path, "made", files=files), tmp_path / "layer", RUNTIME)
    layer = tmp_path / "layer"
    assert {path.relative_to(layer).as_posix() for path in layer.rglob("*") if path.is_file()} == {
        "made/__init__.py",
        "made/more.py",
        "made-1.0.dist-info/METADATA",
        "made-1.0.dist-info/licenses/LICENSE",
    }
    assert (layer / "made-1.0.dist-info/licenses/LICENSE").read_text() == "Do as you like.\n"
    assert shipped.bytes == sum(path.stat().st_size for path in layer.rglob("*") if path.is_file())
    assert sorted(shipped.left_out.values()) == [len("everything\n"), len("ANSWER: int\n")]


@pytest.mark.parametrize("path", ["../outside.py", "first/__init__.py"])
def test_a_wheel_touches_nothing_but_its_own_files(tmp_path: Path, path: str) -> None:
    """Neither a path that leads out of the layer nor another package's file is written."""
    unpack("first", wheel(tmp_path, "first"), tmp_path / "layer", RUNTIME)
    with pytest.raises(Problem, match="another package's, or outside"):
        unpack("second", wheel(tmp_path, "second", files={path: ""}), tmp_path / "layer", RUNTIME)
    assert not (tmp_path / "outside.py").exists()
