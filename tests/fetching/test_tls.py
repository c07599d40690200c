"""https: the address was checked, the certificate is checked for the name."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from receipts.fetching.errors import BodyCutShort, FetchFailed, FetchRefused
from receipts.fetching.network import SystemNetwork
from receipts.fetching.policy import Policy
from tests.fetching.fetches import LOOPBACK, PATIENT, Fetched, fetched
from tests.fetching.peer import Peer, says

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "records.example"
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nRIFF"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-made certificate for `records.example` and 127.0.0.1, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    use = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-keyout", str(key), "-out", str(made)]
    subprocess.run([openssl, "req", *kind, *names, *use, *files], check=True, capture_output=True)
    return made, key


class Trusting(SystemNetwork):
    """Every name is 127.0.0.1, and the test's certificate is an authority."""

    def __init__(self, authority: Path) -> None:
        self.tls = ssl.create_default_context(cafile=str(authority))

    def resolve(self, host: str, port: int) -> list[str]:
        """Answer 127.0.0.1."""
        return ["127.0.0.1"]


class TlsPeer:
    """A server with that certificate, and the names that clients asked it for."""

    def __init__(self, certificate: tuple[Path, Path], script: Callable[[Peer, socket.socket], None]) -> None:
        self.asked_for: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.sni_callback = lambda _, name, __: self.asked_for.append(name)
        self.peer = Peer(script, context)
        self.authority = certificate[0]

    def fetch(self, host: str, network: SystemNetwork | None = None) -> Fetched:
        """Fetch from it under this name."""
        policy = Policy.parse(f"{host}:{self.peer.port}", LOOPBACK)
        return fetched(f"https://{host}:{self.peer.port}/r", policy, PATIENT, network or Trusting(self.authority))


def test_law_fetch_https_asks_for_the_name_at_the_checked_address(certificate: tuple[Path, Path]) -> None:
    """SNI, certificate and Host header are the name's, though an address was connected to."""
    server = TlsPeer(certificate, says(BODY))
    with server.peer as peer:
        assert server.fetch(NAME).body == b"RIFF"
    assert server.asked_for == [NAME]
    assert f"\r\nHost: {NAME}:{peer.port}\r\n".encode() in peer.requests[0]


def test_law_fetch_https_checks_the_name_in_the_certificate(certificate: tuple[Path, Path]) -> None:
    """A trusted certificate for another name is not enough, and no request is sent to its owner."""
    server = TlsPeer(certificate, says(BODY))
    with server.peer as peer, pytest.raises(FetchFailed, match=r"other\.example: .*\(SSLCertVerificationError\)"):
        server.fetch("other.example")
    assert server.asked_for == ["other.example"]
    assert peer.requests == []


def test_law_fetch_https_checks_an_address_in_the_certificate(certificate: tuple[Path, Path]) -> None:
    """A literal is looked for among the certificate's addresses, and no name is asked for."""
    server = TlsPeer(certificate, says(BODY))
    with server.peer:
        assert server.fetch("127.0.0.1").body == b"RIFF"
    assert server.asked_for == [None]


def test_law_fetch_https_trusts_the_systems_authorities_only(certificate: tuple[Path, Path]) -> None:
    """By default a self-made certificate is not taken."""
    server = TlsPeer(certificate, says(BODY))
    with server.peer as peer, pytest.raises(FetchFailed, match="SSLCertVerificationError"):
        server.fetch("127.0.0.1", SystemNetwork())
    assert peer.requests == []


def test_a_peer_that_speaks_no_tls_is_to_be_tried_again(certificate: tuple[Path, Path]) -> None:
    """Plain HTTP where TLS is due is no answer."""

    class Eager(Peer):
        def serve(self, connection: socket.socket) -> None:
            connection.sendall(BODY)

    with Eager(says()) as peer:
        policy = Policy.parse(f"{NAME}:{peer.port}", LOOPBACK)
        with pytest.raises(FetchFailed, match=r"did not answer \((SSL|Connection)"):
            fetched(f"https://{NAME}:{peer.port}/r", policy, PATIENT, Trusting(certificate[0]))


def test_law_fetch_https_does_not_follow_a_redirect_to_http(certificate: tuple[Path, Path]) -> None:
    """From https the way leads to http only where the host is listed for http."""

    def script(peer: Peer, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 301 Moved\r\nLocation: http://%s:%d/r\r\n\r\n" % (NAME.encode(), peer.port))

    server = TlsPeer(certificate, script)
    with server.peer as peer, pytest.raises(FetchRefused, match=f"not for http on port {peer.port}"):
        server.fetch(NAME)
    assert len(peer.requests) == 1


def test_a_body_that_tls_cannot_read_is_to_be_tried_again(certificate: tuple[Path, Path]) -> None:
    """Bytes that somebody puts in between do not get into the body."""

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nRIFF")
        with socket.socket(fileno=os.dup(connection.fileno())) as below:
            below.sendall(b"x" * 99)

    server = TlsPeer(certificate, script)
    with server.peer, pytest.raises(FetchFailed, match=r"the body did not come \(SSLError\)"):
        server.fetch(NAME)


def test_an_end_that_tls_did_not_announce_is_a_cut(certificate: tuple[Path, Path]) -> None:
    """Without a length the end of the connection is the end of the body, so nobody in between may fake it."""

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nRIFF")

    server = TlsPeer(certificate, script)
    with server.peer, pytest.raises(BodyCutShort):
        server.fetch(NAME)


def test_an_end_that_tls_announces_is_the_end(certificate: tuple[Path, Path]) -> None:
    """A peer that closes TLS as it should is believed."""

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nRIFF")
        assert isinstance(connection, ssl.SSLSocket)
        connection.unwrap()

    server = TlsPeer(certificate, script)
    with server.peer:
        assert server.fetch(NAME).body == b"RIFF"
