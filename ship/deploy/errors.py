"""What can end a deployment, each with what to do about it."""

from __future__ import annotations

from receipts.errors import ReceiptsError


class DeployError(ReceiptsError):
    """A deployment that cannot begin or go on; the message says what to do."""

    advice = ""


class Unfit(DeployError):
    """The settings or the machine: found before anything was sent.

    Attributes:
        problems: one line each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class CommandFailed(DeployError):
    """Serverless Devs ended with an error, or did not end."""
