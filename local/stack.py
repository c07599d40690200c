"""The whole on this machine: the loopback cloud, provisioned, and every function of `template.yml`."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import roles
from local.cloud.access import AccessKey
from local.cloud.alicom import AlicomServer
from local.cloud.clock import ShiftedClock
from local.cloud.fc import FcServer
from local.cloud.fc.server import SERVICE
from local.cloud.files import FileHost
from local.cloud.huawei import HuaweiServer, Pusher
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.pls import PlsServer
from local.cloud.ram import Identities
from local.cloud.tablestore import TableStoreServer
from local.host.host import Host, MnsAccess
from ops.provisioning.provision import provision
from ops.settings import OpsSettings
from receipts.errors import ReceiptsError
from template.reading import TEMPLATE, read_functions
from template.variables import DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from template.functions import Function

ROOT = Path(__file__).resolve().parent.parent
LAYER = ROOT / "shared"
# Another folder lets a second cloud run beside the first.
STATE = Path(os.environ.get("RECEIPTS_LOCAL") or ROOT / ".local")

INSTANCE = "local"
BUCKET, REGION = "receipts-local", DEFAULT_REGION
# The account's own: outside clients, the operator and the triggers may do everything with it. Functions have their own.
KEY = AccessKey("LTAIlocal", "local-secret-of-nobody")
# What the vendor fills its own queues with.
VENDOR_KEY = AccessKey("LTAIvendor", "local-secret-of-the-vendor")
PUSH_TOKEN = "local-push-token"  # noqa: S105 - opens nothing but a laptop
# The one application of Huawei's: its key and secret open nothing either.
HUAWEI_APPS = {"a1DemoAppKey0000000000000001": "demoSecret0123456789ABCDEF"}
# The platform waits seconds to minutes between its tries; here they pass fifty times as fast.
TIME_SCALE = 0.02


class StaleRows(ReceiptsError):
    """The file of rows is older than a table's declaration, and what is missing there cannot be made afterwards."""

    def __init__(self, database: Path | None, name: str) -> None:
        super().__init__(
            f"the rows in {database} are of another version, whose tables cannot have {name}: "
            "remove that file (or `make clean`), and begin with none"
        )


class Stack:
    """Servers and host together; a context manager, or `start` and `stop`.

    Args:
        database: the file that keeps TableStore's rows over restarts, or None to keep them in memory.
        log_dir: `<function>.log` of every function is written here.
        time_scale: real seconds per second of the platform's between retries.
        timer_scale: the same, between the ticks of timers.
        environment: environment variables that the template reads, on top of this process's.
        layer: the folder that stands in for the layer.
        python: the interpreter that runs the functions, with its options; this one unless told otherwise.
    """

    def __init__(  # noqa: PLR0913 - keyword defaults: what most callers leave alone
        self,
        *,
        database: Path | None,
        log_dir: Path,
        time_scale: float = TIME_SCALE,
        timer_scale: float = 1.0,
        environment: Mapping[str, str] | None = None,
        layer: Path = LAYER,
        python: Sequence[str] = (sys.executable,),
    ) -> None:
        self.identities = keys = Identities(KEY, region=REGION)
        self.tablestore = TableStoreServer(database, instance=INSTANCE, key=keys)
        self._clock = ShiftedClock()
        self._database = database
        self.mns = MnsServer(key=keys, clock=self._clock)
        self.oss = OssServer(key=keys)
        self.files = FileHost(clock=self._clock)
        self.pls = PlsServer(key=keys, link=self.files.url)
        self.alicom = AlicomServer(key=keys, vendor=VENDOR_KEY, clock=self._clock)
        self.huawei = HuaweiServer(apps=HUAWEI_APPS, link=self.files.url, recordings_clock=self._clock)
        self._environment = environment or {}
        self._layer, self._python = layer, python
        self._log_dir = log_dir
        self._time_scale = time_scale
        self._timer_scale = timer_scale
        self._running = contextlib.ExitStack()
        # Both are made of the template, which needs to know where the others are.
        self.host: Host
        self.fc: FcServer

    def _provision(self) -> None:
        """Make what is declared. Raises StaleRows if the file was made by a version with other tables."""
        left = [step for step in provision(OpsSettings.read(self.environment())) if step.stays]
        if left:
            raise StaleRows(self._database, left[0].name)

    def start(self) -> Self:
        """Bring everything up; what was brought up is taken down again if a later part fails."""
        with contextlib.ExitStack() as starting:
            starting.enter_context(self.tablestore)
            starting.enter_context(self.mns)
            starting.enter_context(self.oss)
            starting.enter_context(self.files)
            starting.enter_context(self.pls)
            starting.enter_context(self.alicom)
            starting.enter_context(self.huawei)
            self._provision()
            functions = self.functions()
            names = [function.name for function in functions]
            roles.attach(self.identities, names, self.environment())
            self.host = Host(
                functions,
                layer_paths=[self._layer],
                python=self._python,
                environments=roles.environments(names),
                log_dir=self._log_dir,
                mns=MnsAccess(self.mns.endpoint, KEY),
                time_scale=self._time_scale,
                timer_scale=self._timer_scale,
                clock=self._clock,
            )
            starting.enter_context(self.host)
            self.fc = starting.enter_context(FcServer(self.host, functions, key=KEY))
            self._running = starting.pop_all()
        return self

    def stop(self) -> None:
        """Take everything down."""
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        """What the template, and the operator command, read: this process's environment and the servers."""
        return {
            # If you bring a vendor of your own, the environment says so.
            **self.vendor_environment(),
            **os.environ,
            **credentials_environment(),
            "ALIYUN_PUSH_TOKENS": PUSH_TOKEN,
            "HUAWEI_APPS": json.dumps(HUAWEI_APPS),
            "MNS_ENDPOINT": self.mns.endpoint,
            "TABLESTORE_ENDPOINT": self.tablestore.endpoint,
            "TABLESTORE_INSTANCE": INSTANCE,
            "OSS_ENDPOINT": self.oss.endpoint,
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": REGION,
            **self._environment,
        }

    def vendor_environment(self) -> dict[str, str]:
        """Where a function finds the vendors: their links' APIs, what may be fetched from, the queues of one."""
        return {
            "PLS_ENDPOINT": self.pls.endpoint,
            "HUAWEI_API_ENDPOINT": self.huawei.endpoint,
            "RECORDING_HOSTS": self.files.endpoint,
            "RECORDING_NETWORKS": "127.0.0.0/8",
            "ALICOM_QUEUES": ",".join(f"{kind}:{name}" for name, kind in self.alicom.queues.items()),
            "ALICOM_ENDPOINT": self.alicom.mns_endpoint,
            "ALICOM_API_ENDPOINT": self.alicom.endpoint,
            "POLL_WAIT_SECONDS": "0",
            # The golden events are signed on their own day.
            "HUAWEI_MAX_AGE_HOURS": "87648",
        }

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass at once, for delays of messages, the life of links and tokens, what `tick` tells.

        Requests are signed and judged by the wall clock all the same, and functions read that clock.
        """
        self._clock.shift += seconds
        self.mns.tick()
        self.alicom.tick()

    def huawei_pusher(self, **how: Any) -> Pusher:
        """Who pushes for the one application, as compressed in time as the platform; `how` as `Pusher` takes it."""
        ((app_key, secret),) = HUAWEI_APPS.items()
        return Pusher(app_key, secret, **{"time_scale": self._time_scale, **how})

    def functions(self) -> list[Function]:
        """The functions of `template.yml` with this stack's settings."""
        return read_functions(TEMPLATE, self.environment())

    def endpoints(self) -> dict[str, Any]:
        """Everything an outside client needs, as `.local/endpoints.json` holds it."""
        keys = {"access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
        environment = self.environment()
        return {
            "functions": {name: {"url": url} for name, url in self.host.urls().items()},
            "fc": {"endpoint": self.fc.endpoint, "service": SERVICE, **keys},
            "tablestore": {
                "endpoint": self.tablestore.endpoint,
                "instance": INSTANCE,
                "table_prefix": environment.get("TABLE_PREFIX", ""),
                **keys,
            },
            "mns": {
                "endpoint": self.mns.endpoint,
                "receipts_queue": environment.get("RECEIPTS_QUEUE", "receipts"),
                "dead_queue": environment.get("RECEIPTS_DEAD_QUEUE", "receipts-dead"),
                "recordings_queue": environment.get("RECORDINGS_QUEUE", "recordings"),
                "recordings_dead_queue": environment.get("RECORDINGS_DEAD_QUEUE", "recordings-dead"),
                **keys,
            },
            "oss": {
                "endpoint": self.oss.endpoint,
                "bucket": environment["OSS_BUCKET"],
                "region": environment["OSS_REGION"],
                **keys,
            },
            "pls": {
                "endpoint": self.pls.endpoint,
                "recording_hosts": environment["RECORDING_HOSTS"],
                "recording_networks": environment["RECORDING_NETWORKS"],
                **keys,
            },
            "aliyun": {"token": environment["ALIYUN_PUSH_TOKENS"].split(",")[0].strip()},
            "huawei": {
                "apps": json.loads(environment["HUAWEI_APPS"]),
                "max_age_hours": environment["HUAWEI_MAX_AGE_HOURS"],
                "api": environment["HUAWEI_API_ENDPOINT"],
            },
            "alicom": {
                "endpoint": self.alicom.endpoint,
                "mns_endpoint": self.alicom.mns_endpoint,
                "account": self.alicom.account,
                "queues": {message_type: name for name, message_type in self.alicom.queues.items()},
                **keys,
                # Consumers have temporary tokens; this pair is the vendor's, and does nothing but send.
                "sender": {"access_key_id": VENDOR_KEY.key_id, "access_key_secret": VENDOR_KEY.secret},
            },
        }


def credentials_environment() -> dict[str, str]:
    """The account's own key, as an operator has it in a shell, and for functions that run without roles."""
    return roles.environment_of(KEY)
