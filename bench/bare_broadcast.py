"""What a bare WebSocket server needs to reach everybody: asyncio and `websockets`, nothing else.

`python -m bench.bare_broadcast PORT FILE` answers followers as the office does, broadcasts every
line of its standard input, and notes in the file when it began: nanoseconds, monotonic.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

MANY_FILES = 12_000
ANSWERS = {"40": '40{"sid":"x"}', "420": '430[{"version":0}]'}


async def main(port: int, began: Path) -> None:
    followers: set[ServerConnection] = set()

    async def follow(line: ServerConnection) -> None:
        await line.send('0{"sid":"x"}')
        followers.add(line)
        with suppress(ConnectionClosed):
            async for packet in line:
                if answer := ANSWERS.get(str(packet)[:3]):
                    await line.send(answer)

    loop, lines = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    with began.open("w", buffering=1) as file:
        async with serve(
            follow, "127.0.0.1", port, compression=None, ping_interval=None, open_timeout=None
        ):
            while message := (await lines.readline()).decode().rstrip("\n"):
                file.write(f"{time.monotonic_ns()}\n")
                broadcast(followers, message)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MANY_FILES), hard))
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
