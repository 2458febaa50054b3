"""``wxdeploy`` as a process of its own each time, and quick: forked from one that has imported everything already.

A script of a pipeline starts the program many times. Run as a module this is the process that forks: it listens on the
socket that it is given and takes a command line, its folder, its environment and its three streams.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLIENT = """\
#!{python} -IS
import array, json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect({path!r})
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
line.sendmsg([b"%8d" % len(asked)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
line.sendall(asked)
sys.exit(int(line.makefile().read() or 70))
"""


_PYTHON3 = """\
#!/bin/bash
set -e
[ "$1" = -m ] || exec {python} "$@"
[ ! -d "$3/bin" ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/bash\\necho "$@" >>"%s"\\n' '{installed}' >"$3/bin/pip"
chmod +x "$3/bin/pip"
ln -s {program} "$3/bin/wxdeploy"
"""


def install_nothing(folder: Path, program: Path) -> Path:
    """A folder for PATH whose ``python3 -m venv`` makes what has ``program`` in it, and a ``pip`` that only takes note.

    What pip is asked for is in the file ``installed`` of ``folder``.
    """
    python = folder / "bin" / "python3"
    python.parent.mkdir(parents=True, exist_ok=True)
    text = _PYTHON3.format(python=sys.executable, program=program, installed=folder / "installed")
    python.write_text(text, "utf-8")
    python.chmod(0o755)
    return python.parent


@contextmanager
def forking(folder: Path) -> Iterator[Path]:
    """The path of a ``wxdeploy`` to be run by scripts; the process behind it ends with the block."""
    path, client = folder / "line", folder / "wxdeploy"
    client.write_text(_CLIENT.format(python=sys.executable, path=str(path)), "utf-8")
    client.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, __file__, str(path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield client
    finally:
        process.kill()
        process.communicate()


def serve(path: str) -> None:
    """Fork for whoever connects."""
    import deepdiff
    import httpx
    import jsonschema
    import yaml

    import wxdeploy.cli.apply
    import wxdeploy.cli.comment
    import wxdeploy.cli.diff
    import wxdeploy.cli.plan
    import wxdeploy.cli.reviewed
    import wxdeploy.cli.validate
    import wxdeploy.client.forge.github
    import wxdeploy.planning.diff
    import wxdeploy.workflow.apply
    import wxdeploy.workflow.base
    import wxdeploy.workflow.diff
    import wxdeploy.workflow.plan
    import wxdeploy.workflow.review
    import wxdeploy.workflow.saved

    assert all((deepdiff, httpx, jsonschema, yaml, wxdeploy))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        os.write(1, b"ready\n")
        while True:
            line, _ = listener.accept()
            if os.fork() == 0:
                os._exit(_answer(line))
            line.close()


def _answer(line: socket.socket) -> int:
    from wxdeploy.cli.group import call

    assert threading.active_count() == 1
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(line, 8, 3)
    asked = b""
    while len(asked) < int(size):
        asked += line.recv(65_536)
    arguments, folder, environment = json.loads(asked)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    code = call(arguments)
    sys.stdout.flush()
    line.sendall(str(code).encode())
    return code


if __name__ == "__main__":
    serve(sys.argv[1])
