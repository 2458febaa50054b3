"""A value that can be used and not shown."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that neither ``str``, ``repr``, formatting nor JSON gives away; ``reveal`` is the one way to it."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """The text itself, for the request that needs it and nothing else."""
        return self._text

    def __str__(self) -> str:
        return "[secret]"
