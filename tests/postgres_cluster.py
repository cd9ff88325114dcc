"""A PostgreSQL of the tests' own: in a temporary folder, on a socket, without care for the disk.

One serves all workers of a test run. It is started when it is first asked for and ends with the
run, however that ends; no cluster of the system is touched.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from threading import Event

import psycopg

SUPERUSER = "aufruf"
START_SECONDS = 60
# Sorted as people in Germany expect it, so that what should be sorted by bytes has to say so.
INIT = (
    "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C.UTF-8",
    "--locale-provider=icu", "--icu-locale=de-DE", "--no-sync", "--no-instructions",
)  # fmt: skip
SETTINGS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "wal_level=minimal", "max_wal_senders=0", "max_connections=300", "shared_buffers=64MB",
    "autovacuum=off", "jit=off", "logging_collector=off",
)  # fmt: skip
# As an office has it: what was committed is on the disk.
DURABLE = ("listen_addresses=", "max_connections=100", "logging_collector=off")
# Ends with the test run and takes everything along.
KEEPER = """
"$1" -D "$2/data" -k "$2" $4 >"$2/log" 2>&1 &
while [ -d "/proc/$3" ] && kill -0 $!; do sleep 0.5; done
kill -INT $!; wait; rm -rf "$2"
"""

_keepers: list[subprocess.Popen[bytes]] = []


def programs() -> Path:
    """Where `initdb` and `postgres` are: Debian keeps them outside of PATH."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    newest = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: int(it.parent.name))
    return newest


@cache
def folder() -> Path:
    """The folder of the cluster, in which its socket is; started if need be."""
    run = _run()
    here = Path(gettempdir()) / f"aufruf-pg-{run}"
    turn = os.open(gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not here.exists():
            _start(here, run, _owner())
    finally:
        os.close(turn)
    return here


def url_of(database: str) -> str:
    return f"postgresql://{SUPERUSER}@/{database}?host={folder()}"


def start_cluster(here: Path, settings: Sequence[str] = SETTINGS) -> str:
    """One more cluster, in this new folder, until this process ends; the address of a database."""
    _start(here, os.getpid(), _owner(), settings)
    return f"postgresql://{SUPERUSER}@/postgres?host={here}"


def _run() -> int:
    """The process of the test run: the parent of its workers."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return os.getppid() if is_worker else os.getpid()


def _owner() -> pwd.struct_passwd:
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("neither postgres nor nobody is known here")


def _start(
    here: Path, run: int, owner: pwd.struct_passwd, settings: Sequence[str] = SETTINGS
) -> None:
    here.mkdir(mode=0o700)
    os.chown(here, owner.pw_uid, owner.pw_gid)
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    as_owner = who if os.geteuid() == 0 else {}
    initdb = [str(programs() / "initdb"), "-D", str(here / "data"), *INIT]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_owner)
    said = " ".join(f"-c {setting}" for setting in settings)
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", str(programs() / "postgres"), str(here), str(run), said],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd="/", start_new_session=True, **as_owner,
    )  # fmt: skip
    _keepers.append(keeper)
    _wait_for(here)


def _wait_for(here: Path) -> None:
    pause = Event()
    for _ in range(START_SECONDS * 20):
        try:
            psycopg.connect(f"postgresql://{SUPERUSER}@/postgres?host={here}").close()
            return
        except psycopg.OperationalError:
            pause.wait(0.05)
    raise TimeoutError((here / "log").read_text())
