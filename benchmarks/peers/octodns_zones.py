"""octoDNS planning so many zones of twenty records, one of ten of which differs.

    python octodns_zones.py FOLDER ZONES    write them
    python octodns_zones.py FOLDER          plan them

Both sides are its yaml provider, so that nothing is asked of a network.
"""

from __future__ import annotations

import sys
from pathlib import Path

from octodns.manager import Manager


def write(folder: Path, zones: int) -> Path:
    names = [f"shop-{number:04d}.example." for number in range(zones)]
    for side in ("wanted", "live"):
        (folder / side).mkdir(parents=True)
        for number, name in enumerate(names):
            drift = side == "live" and number % 10 == 0
            records = "".join(f"r{each:02d}:\n  type: A\n  value: 10.0.0.{each + drift}\n" for each in range(20))
            (folder / side / f"{name}yaml").write_text(f"---\n{records}", "utf-8")
    providers = "".join(
        f"  {side}:\n    class: octodns.provider.yaml.YamlProvider\n    directory: {folder / side}\n"
        for side in ("wanted", "live")
    )
    listed = "".join(f"  {name}:\n    sources: [wanted]\n    targets: [live]\n" for name in names)
    config = folder / "config.yaml"
    config.write_text(f"---\nproviders:\n{providers}zones:\n{listed}", "utf-8")
    return config


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if len(sys.argv) > 2:
        write(path, int(sys.argv[2]))
    else:
        print(Manager(str(path / "config.yaml")).sync(dry_run=True, force=True))
