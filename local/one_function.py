"""One function of the template in a host, for one invocation.

With `make up` running, the function works on that cloud; otherwise on one that lives as long as this.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from local import endpoints, roles
from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.golden.recordings import SIZE, recordings
from local.host.host import Host
from local.stack import LAYER, STATE, Stack
from local.vendor import shelve, shelve_told
from ops.settings import environment as ops_environment
from template.reading import TEMPLATE, read_functions

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def host_of(name: str) -> Iterator[Host]:
    """A host that can invoke the function `name` of the template.

    Raises:
        TemplateError: the template cannot be read with these settings.
        ReceiptsError: the cloud cannot start.
    """
    STATE.mkdir(exist_ok=True)
    if endpoints.running() is None:
        with Stack(database=STATE / "tablestore.sqlite3", log_dir=STATE / "logs") as stack:
            bodies = Bodies(EVENTS / "bodies")
            shelve(recordings(bodies), stack.files, stack.pls)
            shelve_told(bodies.huawei("fee"), stack.files, stack.huawei, SIZE)
            yield stack.host
        return
    settings = {**ops_environment(local=True), "POLL_WAIT_SECONDS": "0"}
    # Its triggers are left to the cloud that runs: this host only answers the one invocation.
    chosen = [function for function in read_functions(TEMPLATE, settings) if function.name == name]
    with Host(chosen, layer_paths=[LAYER], environments=roles.environments([name]), log_dir=STATE / "logs") as host:
        yield host
