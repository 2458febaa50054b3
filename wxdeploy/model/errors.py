"""The one tree of exceptions.

    WxdeployError
    ├── ConfigurationError   the files are wrong; carries every diagnostic
    ├── UsageError           the command line is wrong
    ├── RefusedError         stopped for safety before anything was changed
    │   └── StaleError       the account is in no state that the plan knows
    └── RemoteError          the account or the way to it
        ├── ApiError         the API answered with a return code
        ├── CredentialError  no token could be had
        ├── TransportError   no answer, and nothing reached the account
        ├── LostAnswerError  no answer, and the call may have taken effect
        └── ReadOnlyError    a reading command was about to write (a defect of ours, never the user's)

``wxdeploy.cli`` is the only place where one becomes an exit code. Messages are safe to show: no error ever holds a
token or a secret.
"""

from __future__ import annotations

from wxdeploy.model.diagnostic import Diagnostic


class WxdeployError(Exception):
    """The root. ``message`` says what and why, ``fix`` what to do next."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class ConfigurationError(WxdeployError):
    """The configuration can't be used; ``diagnostics`` holds all that is wrong with it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"the configuration has {len(diagnostics)} error{'' if len(diagnostics) == 1 else 's'}")
        self.diagnostics = diagnostics


class UsageError(WxdeployError):
    """The command line names something that does not exist."""


class RefusedError(WxdeployError):
    """Stopped for safety: nothing was changed."""


class StaleError(RefusedError):
    """The account moved since the plan was made: it is in no state that the plan knows."""


class RemoteError(WxdeployError):
    """The account, or the way to it, said no."""


class ApiError(RemoteError):
    """The API answered ``errcode``; ``errmsg`` is its own text without the rid, ``rid`` its request id."""

    def __init__(self, *, call: str, errcode: int, errmsg: str, rid: str | None, message: str, fix: str) -> None:
        super().__init__(message, fix=fix)
        self.call = call
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid


class CredentialError(RemoteError):
    """No access token could be had."""


class TransportError(RemoteError):
    """No answer, and the request did not reach the account."""


class LostAnswerError(RemoteError):
    """No answer to a call that may have taken effect: the account must be read before anything is repeated."""


class ReadOnlyError(RemoteError):
    """A call that is not on the read list was stopped before it was sent."""
