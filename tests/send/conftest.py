from __future__ import annotations

from contract.conftest import open_api

__all__ = ["open_api"]
