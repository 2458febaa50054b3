"""Every call by every fault: ``python benchmarks/faults.py`` prints the table, and fails where a case does.

A case is one apply with the fault and one without, on an account of the sandbox; the program is whole, and every wait
is counted without being waited for. Each call fails once and for good, at every place where a scene makes it: before it
takes effect or after it. Per call and fault: how many runs, and how many of them converged in the second apply after a
first one that told the truth in bounded time; then over all faults what was there twice and what was lost.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:1] = [str(TESTS.parent), str(TESTS)]  # in place of this folder, whose module of the same name is this one

from faults.bench import CALLS, FAULTS, Verdict, calls_of, judge  # noqa: E402 - found by the line above
from faults.scenes import SCENES  # noqa: E402


def cases() -> list[tuple[str, str, str, str]]:
    """Call, fault, scene and rule of every case."""
    found = []
    for name, scene in SCENES.items():
        with TemporaryDirectory() as folder:
            counted = calls_of(scene, Path(folder))
        for call, path in CALLS.items():
            for fault in FAULTS:
                for times in ("", "*always"):
                    rules = [f"{path}:{fault}{times}+{skip}" for skip in range(counted[path])]
                    found += [(call, fault, name, rule) for rule in rules]
    return found


def decide(case: tuple[str, str, str, str]) -> Verdict:
    _, _, name, rule = case
    with TemporaryDirectory() as folder:
        return judge(SCENES[name], Path(folder), rule)


def heading(fault: str) -> str:
    when, _, what = fault.partition(":")
    return f"{what.removeprefix('errcode=')} {'→' if when == 'before' else '←'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2)
    processes = parser.parse_args().processes
    began = time.perf_counter()
    todo = cases()
    runs: Counter[tuple[str, str]] = Counter()
    good: Counter[tuple[str, str]] = Counter()
    twice: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    bad: list[str] = []
    longest = 0.0
    with ProcessPoolExecutor(processes) as pool:
        for (call, fault, name, rule), verdict in zip(todo, pool.map(decide, todo, chunksize=16), strict=True):
            runs[call, fault] += 1
            good[call, fault] += verdict.good
            twice[call] += verdict.duplicates
            lost[call] += verdict.lost
            longest = max(longest, verdict.seconds)
            if not verdict.good:
                bad.append(f"{name}, {rule}: {verdict}")
    print("converged/runs; → before the call takes effect, ← after it\n")
    print(f"{'call':<19}" + "".join(f"{heading(fault):>12}" for fault in FAULTS) + f"{'duplicates':>12}{'lost':>6}")
    for call in CALLS:
        cells = "".join(f"{good[call, fault]:>8}/{runs[call, fault]:<3}" for fault in FAULTS)
        print(f"{call:<19}{cells}{twice[call]:>12}{lost[call]:>6}")
    print(
        f"\n{sum(runs.values())} runs, {sum(good.values())} converged, {sum(twice.values())} duplicates, "
        f"{sum(lost.values())} lost; no apply takes longer than {longest:.0f} s, waits and timeouts counted; "
        f"measured in {time.perf_counter() - began:.0f} s"
    )
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
