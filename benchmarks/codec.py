"""The SDK's codec alone: what a run asked and was answered is encoded and decoded again, with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Exchange(NamedTuple):
    """One request as it was given to the SDK, and the bytes that came back."""

    api: str
    arguments: tuple[Any, ...]
    answer: bytes


class Recorder:
    """Keeps what passes through an `OTSClient` from now on.

    Args:
        client: its `protocol` and `connection` are looked over the shoulder.
    """

    def __init__(self, client: Any) -> None:
        self.exchanges: list[Exchange] = []
        self._protocol = client.protocol
        self._make, self._send = client.protocol.make_request, client.connection.send_receive
        self._asked: tuple[str, tuple[Any, ...]] = ("", ())
        client.protocol.make_request = self._making
        client.connection.send_receive = self._sending

    def replay(self, exchanges: Sequence[Exchange]) -> None:
        """Encode every request and decode every answer, as the client did; no signing, no checks, no sending."""
        encoder, decoder = self._protocol.encoder, self._protocol.decoder
        for exchange in exchanges:
            encoder.encode_request(exchange.api, *exchange.arguments).SerializeToString()
            decoder.decode_response(exchange.api, exchange.answer, "")

    def _making(self, api: str, signer: Any, context: Any, *arguments: Any) -> Any:
        self._asked = (api, arguments)
        return self._make(api, signer, context, *arguments)

    def _sending(self, *request: Any) -> Any:
        answer = self._send(*request)
        self.exchanges.append(Exchange(*self._asked, answer[3]))
        return answer
