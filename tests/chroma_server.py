"""The real Chroma server on loopback, as `chroma run` starts it, to be killed and started again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

COMMAND = Path(sys.executable).with_name("chroma")


class ChromaServer:
    """Its port and its folder stay the same however often it is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it answers. Raises RuntimeError when it does not within half a minute."""
        port = self.url.rpartition(":")[2]
        command = [str(COMMAND), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", port]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urlopen(f"{self.url}/api/v2/heartbeat", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        self.kill()
        raise RuntimeError("`chroma run` did not start")

    def kill(self) -> None:
        """As a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
