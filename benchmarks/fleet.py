"""Plan and apply of many accounts, next to their peers and to what the network alone would take.

    python benchmarks/fleet.py [--peers PYTHON] [--rounds N] [--quick]

``--peers`` is the interpreter of an environment with ``peers/requirements.txt``; without it the peers are left out.
Each figure is the median over ROUNDS whole processes, and what is compared takes turns. The host is ``canned.py``, in a
process of its own: it answers as the sandbox did, after a latency, and counts what is asked. Processor time is that of
the measured process alone. The bound of a run is what 64 requests in flight take: its calls / 64 x the latency, two
round trips more (the first token and the last reads) and the start, which is a plan of one account without latency.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import shop  # noqa: E402 - beside this file

AT_ONCE = 64
PATIENCE = 60.0
"""Seconds beyond which a peer that works in turn is not waited for."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock and of the processor, peak memory in MB, calls, and how many were at once."""

    seconds: float
    cpu: float
    peak: float
    calls: int = 0
    at_once: int = 0


def measured(command: Sequence[str], host: str | None, codes: Sequence[int] = (0,), **environ: str) -> Run:
    """Run a command to its end."""
    if host:
        counted(host)
    begun = perf_counter()
    with TemporaryDirectory() as folder, Path(folder, "out").open("w+b") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environ})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = perf_counter() - begun
        if process.returncode not in codes:
            out.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{out.read().decode()[-2000:]}")
    calls = counted(host) if host else {"calls": {}, "at once": 0}
    cpu = used.ru_utime + used.ru_stime
    return Run(seconds, cpu, used.ru_maxrss / 1024, sum(calls["calls"].values()), calls["at once"])


def counted(host: str) -> dict[str, dict[str, int]]:
    with urllib.request.urlopen(f"{host}/counted") as answer:
        found: dict[str, dict[str, int]] = json.load(answer)
    return found


@contextmanager
def canned(recording: Path, latency: float, start: str = "drift") -> Iterator[str]:
    """The address of the host, while it runs."""
    command = [sys.executable, str(HERE / "canned.py"), str(recording), str(latency), start]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def median(runs: Sequence[Run]) -> Run:
    """The run in the middle by each figure."""
    names = ("seconds", "cpu", "peak", "calls", "at_once")
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in names))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all measurements have in common; ``folder`` is thrown away afterwards."""

    folder: Path
    recording: Path
    rounds: int
    peers: str | None

    def wxdeploy(self, accounts: int, host: str, *arguments: str, warm: bool = False) -> Run:
        """One whole run of the program on a new copy of the project; ``warm``: its tokens are in the cache."""
        root, cache = self.folder / "project", self.folder / "cache"
        for folder in (root, *([] if warm else [cache])):
            shutil.rmtree(folder, ignore_errors=True)
        shop.project(root, accounts, api=host)
        command = [sys.executable, "-m", "wxdeploy", "-C", str(root), *arguments]
        return measured(command, host, SHOP_SECRET="secret", WXDEPLOY_CACHE=str(cache))

    def wechatpy(self, accounts: int, host: str, threads: int, *push: str) -> Run:
        assert self.peers
        script = str(HERE / "peers" / "wechatpy_loop.py")
        return measured([self.peers, script, host, str(accounts), str(threads), *push], host)

    def octodns(self, zones: int) -> Run:
        assert self.peers
        folder, script = self.folder / "zones", str(HERE / "peers" / "octodns_zones.py")
        shutil.rmtree(folder, ignore_errors=True)
        measured([self.peers, script, str(folder), str(zones)], None)
        return measured([self.peers, script, str(folder)], None)

    def in_turns(self, *work: Callable[[], Run]) -> list[Run]:
        """The median of each, measured in turns."""
        rounds = [[each() for each in work] for _ in range(self.rounds)]
        return [median(runs) for runs in zip(*rounds, strict=True)]


def one_account(bench: Bench) -> float:
    """The plan of one account; gives the seconds of the start."""
    print("\n## One account: start-up and two round trips\n")
    with canned(bench.recording, 0.0) as near, canned(bench.recording, 0.1) as far:
        start, plan, warm = bench.in_turns(
            lambda: bench.wxdeploy(1, near, "plan"),
            lambda: bench.wxdeploy(1, far, "plan"),
            lambda: bench.wxdeploy(1, far, "plan", warm=True),
        )
    print("| plan of one account | seconds | bound | ratio | calls |\n| --- | ---: | ---: | ---: | ---: |")
    print(f"| without latency: the start | {start.seconds:.3f} | | | {start.calls} |")
    for name, run, trips in (("100 ms", plan, 2), ("100 ms, token from the cache", warm, 1)):
        bound = start.seconds + trips * 0.1
        print(f"| {name} | {run.seconds:.3f} | {bound:.3f} | {run.seconds / bound:.2f} | {run.calls} |")
    return start.seconds


def row(name: str, accounts: int, latency: float, run: Run, start: float | None, round_trips: int = 2) -> None:
    """One line: clock beside bound, processor and calls an account, memory."""
    bound = ratio = ""
    if start is not None:
        least = run.calls / AT_ONCE * latency + round_trips * latency + start
        bound, ratio = f"{least:.2f}", f"{run.seconds / least:.2f}"
    print(
        f"| {name} | {accounts} | {latency * 1000:.0f} | {run.seconds:.2f} | {bound} | {ratio} | "
        f"{run.cpu / accounts * 1000:.2f} | {run.peak:.0f} | {run.calls / accounts:.1f} | {run.at_once} |",
        flush=True,
    )


HEAD = (
    "| run | accounts | latency, ms | seconds | bound, s | ratio | cpu, ms an account | peak, MB | calls an account | "
    "at once |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def plans(bench: Bench, sizes: Sequence[int], latencies: Sequence[float], start: float) -> None:
    print(f"\n## Plan: one of ten accounts differs, {AT_ONCE} requests in flight\n\n{HEAD}")
    for latency in latencies:
        for accounts in sizes:
            with canned(bench.recording, latency) as host:
                work: dict[str, Callable[[], Run]] = {
                    "wxdeploy plan": lambda: bench.wxdeploy(accounts, host, "plan"),  # noqa: B023
                    "wxdeploy plan, tokens cached": lambda: bench.wxdeploy(accounts, host, "plan", warm=True),  # noqa: B023
                }
                if bench.peers:
                    work[f"wechatpy on {AT_ONCE} threads"] = lambda: bench.wechatpy(accounts, host, AT_ONCE)  # noqa: B023
                    if accounts * 5 * (latency + 0.002) < PATIENCE:
                        work["wechatpy in turn"] = lambda: bench.wechatpy(accounts, host, 1)  # noqa: B023
                    if not latency:
                        work["octoDNS, as many zones"] = lambda: bench.octodns(accounts)  # noqa: B023
                for name, run in zip(work, bench.in_turns(*work.values()), strict=True):
                    row(name, accounts, latency, run, start if "wxdeploy" in name else None)


def bounds(bench: Bench, accounts: int, latency: float) -> None:
    """What the default of ``--concurrency`` was chosen from."""
    print(f"\n## --concurrency: plan of {accounts} accounts at {latency * 1000:.0f} ms\n")
    print("| requests at once | seconds | bound, s | cpu, ms an account |\n| ---: | ---: | ---: | ---: |")
    with canned(bench.recording, latency) as host:
        for most in (8, 16, 32, 64, 128, 256):
            runs = [bench.wxdeploy(accounts, host, "plan", "--concurrency", str(most)) for _ in range(bench.rounds)]
            run = median(runs)
            bound = run.calls / most * latency
            print(f"| {most} | {run.seconds:.2f} | {bound:.2f} | {run.cpu / accounts * 1000:.2f} |", flush=True)


def applies(bench: Bench, sizes: Sequence[int], latencies: Sequence[float], start: float) -> None:
    print(f"\n## Apply: a tag and a menu in each account, verified, {AT_ONCE} requests in flight\n\n{HEAD}")
    for latency in latencies:
        for accounts in sizes:

            def wxdeploy() -> Run:
                with canned(bench.recording, latency, "first") as host:  # noqa: B023
                    return bench.wxdeploy(accounts, host, "apply", "--yes")  # noqa: B023

            def wechatpy() -> Run:
                with canned(bench.recording, latency, "first") as host:  # noqa: B023
                    return bench.wechatpy(accounts, host, AT_ONCE, "push")  # noqa: B023

            # token, reads, one write after the other, reads
            runs = bench.in_turns(wxdeploy, *([wechatpy] if bench.peers else []))
            row("wxdeploy apply", accounts, latency, runs[0], start, round_trips=5)
            for run in runs[1:]:
                row(f"wechatpy on {AT_ONCE} threads, unverified", accounts, latency, run, None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="10 and 1,000 accounts at 100 ms, once")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        shop.record(folder / "recording.json")
        bench = Bench(folder, folder / "recording.json", 1 if options.quick else options.rounds, options.peers)
        print(f"Python {sys.version.split()[0]}, medians of {bench.rounds}; load before: {os.getloadavg()[0]:.1f}")
        start = one_account(bench)
        sizes = [10, 1000] if options.quick else [1, 10, 100, 1000, 2000]
        latencies = [0.1] if options.quick else [0.0, 0.02, 0.1]
        plans(bench, sizes, latencies, start)
        bounds(bench, sizes[-1] if options.quick else 1000, 0.1)
        applies(bench, sizes[:-1] if options.quick else sizes, latencies, start)


if __name__ == "__main__":
    main()
