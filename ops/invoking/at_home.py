"""A function in the local host: with `make up` running on that cloud, otherwise on one that lives as long as this."""

from __future__ import annotations

from local.host.log_slice import slice_of
from local.one_function import host_of
from ops.invoking.outcome import Outcome
from ops.problems import Problem
from template.magic import TemplateError
from template.reading import TEMPLATE, names


def invoke(function: str, event: bytes) -> Outcome:
    """Invoke it once. Raises Problem."""
    there = names(TEMPLATE)
    if function not in there:
        raise Problem(f"There is no function {function} in template.yml, which has {', '.join(there)}.")
    try:
        with host_of(function) as host:
            before = len(host.log(function))
            result = host.invoke(function, event)
            log = host.log(function)[before:]
    except TemplateError as error:
        raise Problem(f"The functions cannot start: {error}.") from None
    log = slice_of(log, result.request_id)
    return Outcome(result.request_id, result.payload, result.error_type, result.milliseconds, log)
