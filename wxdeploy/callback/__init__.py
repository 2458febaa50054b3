"""The callback of an account: the server that WeChat sends messages and events to.

``app_from`` is the application for an ASGI server of one's own, and the one place of the package that knows more than
the model, the vendor and the client: it leaves reading the project to the workflow.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette


def app_from(project: str | Path = ".", account: str | None = None) -> Starlette:
    """The application of a project's callbacks, of one account or (None) of all that have one.

    ``project`` is the folder of ``wxdeploy.yaml``, or one below it; secrets come from the environment. Raises
    ``ConfigurationError`` where the files or the environment are wrong, ``UsageError`` where there is no callback.
    """
    from wxdeploy.workflow.serve import app_from

    return app_from(project, account)
