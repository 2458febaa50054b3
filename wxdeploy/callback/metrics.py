"""What the callback counts, in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate

from wxdeploy import __version__
from wxdeploy.wechat.callback import EVENTS, MESSAGES, TIMEOUT_SECONDS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, float(TIMEOUT_SECONDS))
"""Upper bounds of the times to an answer, in seconds."""

_OTHER = "other"
_KNOWN = EVENTS | frozenset(MESSAGES)


def label(kind: str) -> str:
    """A MsgType or an Event where it is one of those that are known: any other could be made up without end."""
    return kind if kind in _KNOWN else _OTHER


class Metrics:
    """Counters of one server. No label holds what a sender can make up: what is not known is ``other``."""

    def __init__(self) -> None:
        self._messages: Counter[tuple[str, str, str]] = Counter()
        self._refused: Counter[tuple[str, str]] = Counter()
        self._verified: Counter[str] = Counter()
        self._reloads: Counter[str] = Counter()
        self._times: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def answered(self, account: str, kind: str, outcome: str, seconds: float) -> None:
        """Count a message or event, by its ``label``, and how long its answer took."""
        self._messages[account, kind, outcome] += 1
        times = self._times.setdefault(account, [0] * (len(BUCKETS) + 1))
        times[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[account] = self._seconds.get(account, 0.0) + seconds

    def refused(self, account: str, reason: str) -> None:
        """Count a request that was refused."""
        self._refused[account, reason] += 1

    def verified(self, account: str) -> None:
        """Count a verification of the server's address."""
        self._verified[account] += 1

    def reloaded(self, outcome: str) -> None:
        """Count a look at changed files: ``taken`` or ``invalid``."""
        self._reloads[outcome] += 1

    def text(self, *, current: bool, lost: int) -> str:
        """All of it. ``current``: the files as they are now are served; ``lost`` sightings could not be kept."""
        return "\n".join(self._lines(current=current, lost=lost)) + "\n"

    def _lines(self, *, current: bool, lost: int) -> Iterator[str]:
        yield from _head("build_info", "gauge", "The version that serves.")
        yield _sample("build_info", {"version": __version__}, 1)
        yield from _head("messages_total", "counter", "Messages and events, by how they were answered.")
        for (account, kind, outcome), count in sorted(self._messages.items()):
            yield _sample("messages_total", {"account": account, "kind": kind, "outcome": outcome}, count)
        yield from _head("refused_total", "counter", "Requests that were refused, by reason.")
        for (account, reason), count in sorted(self._refused.items()):
            yield _sample("refused_total", {"account": account, "reason": reason}, count)
        yield from _head("verifications_total", "counter", "Verifications of the server's address.")
        for account, count in sorted(self._verified.items()):
            yield _sample("verifications_total", {"account": account}, count)
        yield from _head("answer_seconds", "histogram", "Time from the whole request to its answer.")
        for account, times in sorted(self._times.items()):
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), accumulate(times), strict=True):
                yield _sample("answer_seconds_bucket", {"account": account, "le": bound}, count)
            yield _sample("answer_seconds_sum", {"account": account}, self._seconds[account])
            yield _sample("answer_seconds_count", {"account": account}, sum(times))
        yield from _head("reloads_total", "counter", "Changes of the files, by whether they could be taken.")
        for outcome, count in sorted(self._reloads.items()):
            yield _sample("reloads_total", {"outcome": outcome}, count)
        yield from _head("configuration_current", "gauge", "1 where the files as they are now are served.")
        yield _sample("configuration_current", {}, int(current))
        yield from _head("sightings_lost_total", "counter", "Times of followers that could not be kept.")
        yield _sample("sightings_lost_total", {}, lost)


_PREFIX = "wxdeploy_callback_"


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {_PREFIX}{name} {words}"
    yield f"# TYPE {_PREFIX}{name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{_PREFIX}{name}{f'{{{inside}}}' if inside else ''} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
