"""The pictures of one account, in a folder, for a time."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import os
from pathlib import Path
import re
import shutil
import stat
from threading import Lock
from typing import Final

from ..plain import get_logger
from .paths import FULL_PICTURE_URL, PICTURE_URL
from .picture import Extension, Picture, PictureError, PictureRule
from .tokens import fingerprint, is_token, new_token

MAX_FILES: Final = 200
MAX_BYTES: Final = 100 * 2**20
# How far a file may lie ahead of a clock that is being corrected.
TOLERANCE: Final = timedelta(minutes=5)

_EXTENSIONS: Final = frozenset({"jpg", "png"})
_FILE: Final = re.compile(
    r"(?P<fingerprint>[0-9a-f]{64})(\.full)?\.(?P<extension>jpg|png)"
    r"(?P<unfinished>\.tmp)?"
)
_LOGGER = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedPicture:
    """A picture that whoever knows its token may open."""

    token: str = field(repr=False)
    extension: Extension

    @property
    def small_path(self) -> str:
        """Return the path of the small file's URL."""
        return PICTURE_URL.format(token=self.token, extension=self.extension)

    @property
    def full_path(self) -> str:
        """Return the path of the full-size file's URL."""
        return FULL_PICTURE_URL.format(token=self.token, extension=self.extension)

    @property
    def file_name(self) -> str:
        """Return the name of the small file, which opens nothing by itself."""
        return f"{fingerprint(self.token)}.{self.extension}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredFile:
    """One of our files in the folder."""

    path: Path
    fingerprint: str
    unfinished: bool
    size: int
    age: timedelta


class PictureStore:
    """Keeps pictures in a folder, named by the fingerprints of their tokens.

    A file's time is the one at which it was kept, by the clock `now`. Where that clock
    is set back, files lie ahead of it: these are not served until the clock has caught
    up, so that none lives longer by more than the tolerance; and those that lie ahead
    by more than pictures live at all are removed. All methods block.
    """

    def __init__(
        self,
        folder: Path,
        *,
        valid_for: timedelta,
        now: Callable[[], datetime],
        max_files: int = MAX_FILES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Remember folder and limits; a picture is two files."""
        self._folder = folder
        self.valid_for = valid_for
        self._now = now
        self._max_files = max_files
        self._max_bytes = max_bytes
        # Nobody may take away what another thread is writing.
        self._lock = Lock()
        self._complained = False

    def keep(self, picture: Picture) -> HostedPicture:
        """Write a picture to the disk, and return how to open it.

        The oldest pictures make room for it. Raises PictureError where it is larger
        than all that may be kept, and OSError where it cannot be written.
        """
        if len(picture.small) + len(picture.full) > self._max_bytes:
            raise PictureError(PictureRule.TOO_LARGE, str(self._max_bytes // 2**20))
        hosted = HostedPicture(token=new_token(), extension=picture.extension)
        with self._lock:
            self._write(hosted, picture)
            self._clear(newest=fingerprint(hosted.token))
        return hosted

    def find(self, token: str, *, extension: str, full: bool) -> Path | None:
        """Return the file that may be opened with a token, None where there is none."""
        if not is_token(token) or extension not in _EXTENSIONS:
            return None
        return self._valid(self._path(token, extension, full=full))

    def find_file(self, name: str, *, full: bool = False) -> Path | None:
        """Return a file by the name that its small one was kept under, if there is."""
        named = _FILE.fullmatch(name)
        if named is None or named["unfinished"] is not None:
            return None
        if full:
            name = f"{named['fingerprint']}.full.{named['extension']}"
        return self._valid(self._folder / name)

    def prune(self) -> None:
        """Remove what is over, and what an interruption left behind."""
        with self._lock:
            self._clear()

    def _valid(self, path: Path) -> Path | None:
        """Return a file that may be shown, None where there is none."""
        try:
            status = path.lstat()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(error)
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        return path if -TOLERANCE <= self._age(status) < self.valid_for else None

    def _path(self, token: str, extension: str, *, full: bool) -> Path:
        """Return the path of one of a picture's files."""
        infix = ".full" if full else ""
        return self._folder / f"{fingerprint(token)}{infix}.{extension}"

    def _age(self, status: os.stat_result) -> timedelta:
        """Return how long ago a file was kept; negative where it lies ahead."""
        return timedelta(seconds=self._now().timestamp() - status.st_mtime)

    def _write(self, hosted: HostedPicture, picture: Picture) -> None:
        """Write both files, or none."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        contents = {
            self._path(hosted.token, hosted.extension, full=False): picture.small,
            self._path(hosted.token, hosted.extension, full=True): picture.full,
        }
        kept_at = self._now().timestamp()
        try:
            for path, content in contents.items():
                _write_synced(_unfinished(path), content, kept_at)
            for path in contents:
                _unfinished(path).replace(path)
            _sync_folder(self._folder)
        except OSError:
            for path in contents:
                for left in (path, _unfinished(path)):
                    with suppress(OSError):
                        left.unlink()
            raise

    def _clear(self, *, newest: str | None = None) -> None:
        """Remove what is over, then the oldest pictures until the limits are kept."""
        try:
            pictures = self._living()
            for name in sorted(pictures, key=lambda name: -_distance(pictures[name])):
                files = [file for kept in pictures.values() for file in kept]
                if (
                    len(files) <= self._max_files
                    and sum(file.size for file in files) <= self._max_bytes
                ):
                    return
                if name != newest:
                    _unlink(pictures.pop(name))
        except OSError as error:
            self._complain(error)

    def _living(self) -> dict[str, list[_StoredFile]]:
        """Remove what is over, and return the rest by picture."""
        longest_ahead = max(self.valid_for, TOLERANCE)
        pictures: dict[str, list[_StoredFile]] = {}
        for file in list(self._stored()):
            if file.unfinished or not -longest_ahead <= file.age < self.valid_for:
                _unlink([file])
            else:
                pictures.setdefault(file.fingerprint, []).append(file)
        return pictures

    def _stored(self) -> Iterator[_StoredFile]:
        """Yield our files; what else lies in the folder is none of our business."""
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                named = _FILE.fullmatch(entry.name)
                if named is None or not entry.is_file(follow_symlinks=False):
                    continue
                status = entry.stat(follow_symlinks=False)
                yield _StoredFile(
                    path=Path(entry.path),
                    fingerprint=named["fingerprint"],
                    unfinished=named["unfinished"] is not None,
                    size=status.st_size,
                    age=self._age(status),
                )

    def _complain(self, error: OSError) -> None:
        """Say once that the folder cannot be read or cleared."""
        if not self._complained:
            _LOGGER.warning("The kept pictures cannot be read: %s", error.strerror)
        self._complained = True


def remove(folder: Path) -> None:
    """Remove a folder with all its pictures.

    Raises OSError.
    """
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _distance(files: list[_StoredFile]) -> timedelta:
    """Return how far a picture is from now.

    One that lies ahead is as doubtful as one of the same age: it must not stay only
    because it seems the newest.
    """
    return max(abs(file.age) for file in files)


def _unlink(files: list[_StoredFile]) -> None:
    """Remove files."""
    for file in files:
        file.path.unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    """Return where a file is written before it gets its name."""
    return path.with_name(f"{path.name}.tmp")


def _write_synced(path: Path, content: bytes, kept_at: float) -> None:
    """Write a new file that only we may read, down to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.utime(descriptor, (kept_at, kept_at))
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder down to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
