"""What an appid looks like.

Source: the examples of doc/service/api/base/api_getstableaccesstoken, read 2026-10. Every known one has this form: an
account's, a mini program's and a third-party platform's.
"""

from __future__ import annotations

import re

APPID = re.compile(r"wx[0-9a-f]{16}")
