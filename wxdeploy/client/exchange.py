"""One call from its first attempt to its end: send, judge, wait, send again where that is safe."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wxdeploy.client.errors import Failure, judge, lost
from wxdeploy.client.http import Http
from wxdeploy.client.retry import POLICY, Policy, Trouble, next_wait
from wxdeploy.model.errors import ApiError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import Endpoint, Mode

Log = logging.Logger | logging.LoggerAdapter[logging.Logger]
Pause = Callable[[float], Awaitable[None]]

LOG = logging.getLogger("wxdeploy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How calls are made on one host: ``pause`` waits for so many seconds, ``calls`` counts what was sent by endpoint.

    ``log`` gets one line a call at INFO and one an attempt at DEBUG: the call, the code and the time it took, never
    the query, the body or the answer.
    """

    http: Http
    pause: Pause = asyncio.sleep
    log: Log = LOG
    policy: Policy = POLICY
    calls: Counter[str] = field(default_factory=Counter)

    async def make(
        self,
        endpoint: Endpoint,
        *,
        query: Mapping[str, str] | None = None,
        body: JsonValue = None,
        hidden: Sequence[Secret] = (),
        renewed: bool = False,
    ) -> Mapping[str, JsonValue]:
        """Make the call and return its answer.

        Raises ``ApiError`` for a return code, ``TransportError`` where nothing was changed, and ``LostAnswerError`` for
        a write that may have taken effect: as soon as one attempt of it went without a clear answer, no later
        failure is clear either.
        """
        began = time.perf_counter()
        troubles: list[Trouble] = []
        doubt = False
        reach = self.http.reach
        met = reach.met
        while True:
            self.calls[endpoint.id] += 1
            outcome = await self.http.send(endpoint.method, endpoint.path, query=query, body=body)
            result = judge(endpoint, outcome, host=self.http.host, hidden=hidden, renewed=renewed)
            if not isinstance(result, Failure):
                self._tell(endpoint, "ok", began)
                return result
            self.log.debug("%s: attempt %d: %s", endpoint.call, len(troubles) + 1, result.error.message)
            troubles.append(result.trouble)
            writes = endpoint.mode is Mode.WRITE
            doubt = doubt or (writes and result.reached)
            wait = next_wait(self.policy, troubles) if _may_repeat(endpoint, result) else None
            if not (writes and result.reached):
                # A write that may have taken effect is settled by a reading, which has to be sent.
                reach.unanswered(outcome, met, last=wait is None)
            if wait is not None and reach.nobody is not None:
                wait = None
            if wait is not None and not self.http.is_stopping:
                self.log.info("%s: %s, again in %g s", endpoint.call, _word(result), wait)
                self.http.waiting.tell(result.trouble, _word(result), wait)
                await self.pause(wait)
            if wait is None or self.http.is_stopping:
                self._tell(endpoint, _word(result), began)
                raise lost(endpoint, result.error) if doubt else result.error

    def _tell(self, endpoint: Endpoint, word: str, began: float) -> None:
        self.log.info("%s: %s, %.0f ms", endpoint.call, word, (time.perf_counter() - began) * 1000)


def _may_repeat(endpoint: Endpoint, failure: Failure) -> bool:
    """A read always; a write where the attempt did not reach the account, or where twice is as good as once."""
    return endpoint.mode is not Mode.WRITE or endpoint.repeatable or not failure.reached


def _word(failure: Failure) -> str:
    return str(failure.error.errcode) if isinstance(failure.error, ApiError) else "no answer"
