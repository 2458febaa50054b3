"""What XML can hold."""

from __future__ import annotations

import re

IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that no XML 1.0 document can hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""
