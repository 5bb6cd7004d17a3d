"""``python -m tests.finger LEVEL WORLD HOST``: what posttls-finger says of a host of a lab world.

The level is ``dane``, or ``secure``: a certificate for the host's name from an authority that is trusted, or ``may``:
any TLS. To be run in
namespaces of its own, where the world is at home.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from deliverkit.lab.world import World, load
from tests.at_home import at_home, furnish
from tests.servers import program


async def _finger(level: str, world: World, host: str, config: str) -> bytes:
    async with at_home(world) as lab:
        roots = Path(config) / "roots.pem"
        roots.write_bytes(lab.roots)
        asked = await asyncio.create_subprocess_exec(
            *(program("posttls-finger"), "-c", "-l", level, "-L", "summary", "-F", str(roots), f"[{host}]", host),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "MAIL_CONFIG": config},
        )
        said, _ = await asyncio.wait_for(asked.communicate(), 30)
    return said


def main() -> None:
    """Print what posttls-finger says."""
    level, name, host = sys.argv[1:]
    world = load(name)
    with TemporaryDirectory() as folder:
        furnish([world], Path(folder))
        (Path(folder) / "main.cf").write_text("compatibility_level = 3.6\ninet_protocols = ipv4\n")
        sys.stdout.buffer.write(asyncio.run(_finger(level, world, host, folder)))


if __name__ == "__main__":
    main()
