"""What XML can hold."""

from __future__ import annotations

import re

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that no XML 1.0 document can hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""
