from __future__ import annotations

from audiences.conftest import shop

__all__ = ["shop"]
