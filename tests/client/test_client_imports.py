"""What importing costs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def test_the_package_itself_imports_no_http_library() -> None:
    program = "import sys, wxdeploy.client; print(sorted({'httpx', 'ssl', 'asyncio', 'logging'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_cache_needs_no_http_library() -> None:
    program = "import sys, wxdeploy.client.cache, wxdeploy.client.redact; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there the system is asked for its proxy")
@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_a_host_of_the_network_needs_no_http_library_and_a_proxy_the_rules_for_it(proxy: str) -> None:
    program = (
        "import sys; from wxdeploy.client.http import Http; Http('https://api.weixin.qq.com', read_only=True); "
        "print(*sorted({'anyio', 'h11', 'httpx', 'rich', 'urllib.request'} & set(sys.modules)))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env = {**kept, **({"https_proxy": proxy} if proxy else {})}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("urllib.request" if proxy else "")
