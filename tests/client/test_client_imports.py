"""What importing costs."""

from __future__ import annotations

import subprocess
import sys


def test_the_package_itself_imports_no_http_library() -> None:
    program = "import sys, wxdeploy.client; print(sorted({'httpx', 'ssl', 'asyncio', 'logging'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_cache_needs_no_http_library() -> None:
    program = "import sys, wxdeploy.client.cache, wxdeploy.client.redact; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
