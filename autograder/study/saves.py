"""Which files of a folder are saved: watched in a thread and told through a pipe, so that one wait serves keys too."""

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType

SETTLED_MS = 20  # a file counts as saved once nothing has happened for so long: editors write in several steps
AT_MOST_MS = 200


class Saves:
    """Watch the files in one folder. `ready` becomes readable when some were saved, `names` says which."""

    def __init__(self, folder: Path) -> None:
        self.ready, self._told = os.pipe()
        os.set_blocking(self.ready, False)
        self._names: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(folder,), daemon=True)

    def names(self) -> set[str]:
        """The names of the files saved since this was asked before."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.ready, 4096)
        with self._lock:
            names, self._names = self._names, set()
        return names

    def _watch(self, folder: Path) -> None:
        from watchfiles import watch

        for changes in watch(folder, watch_filter=None, recursive=False, debounce=AT_MOST_MS, step=SETTLED_MS,
                             stop_event=self._stop, rust_timeout=1000, raise_interrupt=False):  # fmt: skip
            with self._lock:
                self._names |= {Path(path).name for _, path in changes}
            with contextlib.suppress(OSError):
                os.write(self._told, b".")

    def __enter__(self) -> "Saves":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(2)
        for end in (self.ready, self._told):
            os.close(end)
