"""What the faults start: each process carries the mark of this run, by which it is found should it be left over."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

#: In the environment of all that is started here, and so of all that those start.
MARK = "FAULTS_RUN"
RUN = uuid.uuid4().hex
GONE = (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied)
#: Folders of this run are called so.
FOLDERS = f"faults-{RUN[:8]}-"


def environment(**more: str) -> dict[str, str]:
    """What a process that is started here knows: nothing of this machine's settings, and the mark."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, MARK: RUN, **more}


def left_over() -> list[str]:
    """The processes of this run that are still there."""
    return [_line(process) for process in psutil.process_iter() if _is_ours(process)]


def _is_ours(process: psutil.Process) -> bool:
    with suppress(*GONE):
        return process.environ().get(MARK) == RUN and process.status() != psutil.STATUS_ZOMBIE
    return False


def _line(process: psutil.Process) -> str:
    with suppress(*GONE):
        return f"{process.pid}: {' '.join(process.cmdline())[:150]}"
    return str(process.pid)


def mounts() -> list[str]:
    """The mounts of this run that are still there."""
    if not Path("/proc/mounts").exists():
        return []
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    return [point for point in points if FOLDERS in point]


def family(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def send(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """A signal to each of them that is still there."""
    for process in processes:
        with suppress(*GONE):
            process.send_signal(number)


def kill_family(process: subprocess.Popen[Any]) -> None:
    """kill -9 for a process and all below it, at once; they are gone afterwards."""
    found = family(process.pid)
    send(found, signal.SIGSTOP)  # nobody begins anybody anew
    found = family(process.pid)
    send(found, signal.SIGKILL)
    process.wait(20)
    psutil.wait_procs(found, timeout=20)


def eventually(is_so: Callable[[], Any], seconds: float = 60, what: str = "it") -> Any:
    """What the question answers once it is true."""
    until = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < until, f"{what} never came"
        time.sleep(0.02)
    return found
