"""Plan and apply of many accounts, next to their peers and to what the network alone would take.

    python benchmarks/fleet.py [--peers PYTHON] [--rounds N] [--quick] [--write]

``--peers`` is the interpreter of an environment with ``peers/requirements.txt``; without it the peers are left out.
``--write`` puts the tables into docs/performance.md besides. Each figure is the median over ROUNDS whole processes (of
2,000 accounts over one), and what is compared takes turns. The host is ``canned.py``, in a process of its own: it
answers as the sandbox did, after a latency, and counts what is asked. Processor time is that of the measured process
alone. The bound of a run is what 64 requests in flight take: its calls / 64 x the latency, two round trips more (the
first token and the last reads) and the start, which is a plan of one account without latency.

The promises are of a machine on which a zone costs octoDNS 6.5 ms of the processor. What is bound by the network there
may be bound by the processor on a slower one; so with the peers the plan is measured once more, after a latency that is
longer by as much as this machine is slower. All of it takes some fifteen minutes, ``--quick`` two.
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
from measure import machine, told, write  # noqa: E402

AT_ONCE = 64
IN_TURN = 10
"""Accounts beyond which a peer that works in turn is not waited for."""
MANY = 1000
"""Accounts beyond which one round has to do, and of which the promises speak."""
PROMISED_ON = 0.0065
"""Seconds of the processor that a zone costs octoDNS where the promises were made."""


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

    def in_turns(self, accounts: int, *work: Callable[[], Run]) -> list[Run]:
        """The median of each, measured in turns."""
        rounds = [[each() for each in work] for _ in range(self.rounds if accounts <= MANY else 1)]
        return [median(runs) for runs in zip(*rounds, strict=True)]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run of so many accounts took; ``trips`` are its round trips one after the other, None for a peer."""

    name: str
    accounts: int
    latency: float
    run: Run
    trips: int | None = 2

    def bound(self, start: Run) -> float | None:
        """Seconds that the network alone takes, and the start."""
        if self.trips is None:
            return None
        return self.run.calls / AT_ONCE * self.latency + self.trips * self.latency + start.seconds

    def further(self, others: Sequence[Taken]) -> float | None:
        """What each account more than in the next smaller of such runs costs of the processor, in ms."""
        alike = [each for each in others if (each.name, each.latency) == (self.name, self.latency)]
        smaller = max(
            (each for each in alike if each.accounts < self.accounts), key=lambda each: each.accounts, default=None
        )
        if smaller is None:
            return None
        return (self.run.cpu - smaller.run.cpu) / (self.accounts - smaller.accounts) * 1000

    def row(self, start: Run, others: Sequence[Taken] = ()) -> list[str]:
        bound, run, count = self.bound(start), self.run, self.accounts
        further = self.further(others)
        return [
            self.name,
            f"{count:,}",
            f"{self.latency * 1000:.0f}",
            f"{run.seconds:.2f}",
            "" if bound is None else f"{bound:.2f}",
            "" if bound is None else f"{run.seconds / bound:.2f}",
            f"{run.cpu / count * 1000:.2f}",
            "" if further is None else f"{further:.2f}",
            f"{run.peak:.0f}",
            f"{run.calls / count:.1f}",
            f"{run.at_once:.0f}",
        ]


HEAD = [
    "run", "accounts", "latency, ms", "seconds", "bound, s", "ratio", "cpu, ms an account", "each further one",
    "peak, MB", "calls an account", "at once",
]  # fmt: skip
PLAN, THREADS, ZONES = "wxdeploy plan", f"wechatpy on {AT_ONCE} threads", "octoDNS, as many zones"


def one_account(bench: Bench) -> tuple[Run, list[list[str]]]:
    """The plan of one account without latency, which is the start, and the table of it with one."""
    with canned(bench.recording, 0.0) as near, canned(bench.recording, 0.1) as far:
        start, plan, warm = bench.in_turns(
            1,
            lambda: bench.wxdeploy(1, near, "plan"),
            lambda: bench.wxdeploy(1, far, "plan"),
            lambda: bench.wxdeploy(1, far, "plan", warm=True),
        )
    rows = [["without latency: the start", f"{start.seconds:.3f}", "", "", f"{start.calls:.0f}"]]
    for name, run, trips in (("100 ms", plan, 2), ("100 ms, token from the cache", warm, 1)):
        bound = start.seconds + trips * 0.1
        rows.append([name, f"{run.seconds:.3f}", f"{bound:.3f}", f"{run.seconds / bound:.2f}", f"{run.calls:.0f}"])
    return start, rows


def slowness(taken: Sequence[Taken]) -> float | None:
    """How many times slower this machine is than that of the promises, None where the peers were left out."""
    costs = [each.run.cpu / MANY for each in taken if (each.name, each.accounts) == (ZONES, MANY)]
    return costs[0] / PROMISED_ON if costs else None


def plans(bench: Bench, sizes: Sequence[int], latency: float) -> Iterator[Taken]:
    for accounts in sizes:
        with canned(bench.recording, latency) as host:
            work: dict[str, Callable[[], Run]] = {
                PLAN: lambda: bench.wxdeploy(accounts, host, "plan"),  # noqa: B023
                f"{PLAN}, tokens cached": lambda: bench.wxdeploy(accounts, host, "plan", warm=True),  # noqa: B023
            }
            if bench.peers:
                work[THREADS] = lambda: bench.wechatpy(accounts, host, AT_ONCE)  # noqa: B023
                if accounts <= IN_TURN:
                    work["wechatpy in turn"] = lambda: bench.wechatpy(accounts, host, 1)  # noqa: B023
                if not latency:
                    work[ZONES] = lambda: bench.octodns(accounts)  # noqa: B023
            runs = bench.in_turns(accounts, *work.values())
            for name, run in zip(work, runs, strict=True):
                yield Taken(name, accounts, latency, run, (2 if name == PLAN else 1) if PLAN in name else None)


def bounds(bench: Bench, accounts: int, latency: float) -> Iterator[list[str]]:
    """What the default of ``--concurrency`` was chosen from."""
    with canned(bench.recording, latency) as host:
        for most in (8, 16, 32, 64, 128, 256):
            run = bench.wxdeploy(accounts, host, "plan", "--concurrency", str(most))
            least = run.calls / most * latency
            yield [str(most), f"{run.seconds:.2f}", f"{least:.2f}", f"{run.cpu / accounts * 1000:.2f}"]


def applies(bench: Bench, sizes: Sequence[int], latency: float) -> Iterator[Taken]:
    for accounts in sizes:
        with canned(bench.recording, latency, "first") as host:
            run = bench.wxdeploy(accounts, host, "apply", "--yes")
        # token, reads, one write after the other, reads
        yield Taken("wxdeploy apply", accounts, latency, run, trips=5)
        if bench.peers:
            with canned(bench.recording, latency, "first") as host:
                run = bench.wechatpy(accounts, host, AT_ONCE, "push")
            yield Taken(f"{THREADS}, unverified", accounts, latency, run, trips=None)


def shown(start: Run, one: Sequence[Sequence[str]], taken: Sequence[Taken]) -> Iterator[list[str]]:
    """What was promised, beside what was measured."""
    by_run = {(each.name, each.accounts, each.latency): each for each in taken}
    slow, quick, times = by_run[PLAN, MANY, 0.1], by_run[PLAN, MANY, 0.0], slowness(taken)
    yield ["plan of one account / start and two round trips", "1.15", one[1][3]]
    yield [f"plan of {MANY:,} accounts at 100 ms / its bound", "1.15", slow.row(start)[5]]
    if times and (longer := by_run.get((PLAN, MANY, 0.1 * times))):
        what = f"the same at {longer.latency * 1000:.0f} ms: this machine is {times:.1f} times slower"
        yield [what, "1.15", longer.row(start)[5]]
    yield ["cpu, ms an account, without latency", "3", quick.row(start)[6]]
    if times:
        yield [f"the same / {times:.1f}", "3", f"{quick.run.cpu / MANY * 1000 / times:.2f}"]
    if peer := by_run.get((THREADS, MANY, 0.0)):
        yield ["the same / that of the wechatpy script", "0.68", f"{quick.run.cpu / peer.run.cpu:.2f}"]
        yield [
            "the same / that of a zone of octoDNS",
            "0.46",
            f"{quick.run.cpu / by_run[ZONES, MANY, 0.0].run.cpu:.2f}",
        ]
    yield [
        "calls an account, with a cached token / the script's five",
        "1",
        f"{(quick.run.calls - MANY) / MANY / 5:.2f}",
    ]
    plans = sorted((each for each in taken if each.name == PLAN and not each.latency), key=lambda each: each.accounts)
    costs = [(each.accounts, cost) for each in plans if each.accounts > 10 and (cost := each.further(plans))]
    if len(costs) > 1:
        (few, first), (many, last) = costs[0], costs[-1]
        yield [f"each further account up to {many:,} / up to {few:,}", "0.80 to 1.20", f"{last / first:.2f}"]
    largest = max(each.accounts for each in taken)
    yield [f"peak, MB, of {largest:,} accounts", "150", f"{by_run[PLAN, largest, 0.0].run.peak:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="10, 100 and 1,000 accounts, once")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        shop.record(folder / "recording.json")
        bench = Bench(folder, folder / "recording.json", 1 if options.quick else options.rounds, options.peers)
        loads = os.getloadavg()[0]
        start, one = one_account(bench)
        found = {"one account": told("One account", ["plan of one account", "seconds", "bound", "ratio", "calls"], one)}
        sizes = [10, 100, MANY] if options.quick else [1, 10, 100, MANY, 2000]
        near, middle, far = plans(bench, sizes, 0.0), plans(bench, [MANY], 0.02), plans(bench, sizes, 0.1)
        taken = [*near, *(() if options.quick else middle), *far]
        if times := slowness(taken):
            taken += plans(bench, [MANY], 0.1 * times)
        found["plan"] = told("Plan: one of ten accounts differs", HEAD, [each.row(start, taken) for each in taken])
        work = list(applies(bench, [100] if options.quick else [100, MANY], 0.1))
        title = "Apply: a tag and a menu in each account, verified"
        found["apply"] = told(title, HEAD, [each.row(start, work) for each in work])
        if not options.quick:
            head = ["requests at once", "seconds", "bound, s", "cpu, ms an account"]
            found["concurrency"] = told("--concurrency: plan of 200 accounts at 100 ms", head, bounds(bench, 200, 0.1))
        found["promises"] = told("Promises", ["what", "at most", "measured"], shown(start, one, taken))
    rounds = f"medians of {bench.rounds}" if bench.rounds > 1 else "once"
    found["run"] = machine(rounds, loads)
    print(f"\n{found['run']}")
    if options.write:
        write(found)


if __name__ == "__main__":
    main()
