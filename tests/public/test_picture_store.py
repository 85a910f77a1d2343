"""Pictures in a folder, and how long they stay there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import resource
import stat

import pytest

from custom_components.inteltele.public.picture_store import (
    HostedPicture,
    PictureStore,
    remove,
)
from custom_components.inteltele.public.pictures import (
    Picture,
    PictureError,
    PictureRule,
)
from custom_components.inteltele.public.tokens import fingerprint, new_token

VALID_FOR = timedelta(hours=24)
PICTURE = Picture(
    small=b"small",
    full=b"full size",
    extension="jpg",
)
MINUTE = timedelta(minutes=1)
SOMEBODYS = "0" * 64


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        """Start some day."""
        self.time = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Return a clock that tests set."""
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that does not exist yet."""
    return tmp_path / "storage" / "inteltele.entry.pictures"


@pytest.fixture
def store(folder: Path, clock: Clock) -> PictureStore:
    """Return a store with room for two pictures."""
    return PictureStore(folder, valid_for=VALID_FOR, now=clock, max_files=4)


@pytest.fixture
def short_files() -> Iterator[None]:
    """Let no file get longer than the small one."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(PICTURE.small), limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _date(path: Path, clock: Clock) -> None:
    """Make a file one of now."""
    now = clock().timestamp()
    os.utime(path, (now, now), follow_symlinks=False)


def _found(store: PictureStore, hosted: HostedPicture) -> list[Path]:
    """Return which files of a picture can be opened."""
    paths = [
        store.find(hosted.token, extension=hosted.extension, full=full)
        for full in (False, True)
    ]
    return [path for path in paths if path is not None]


def _kept_after(store: PictureStore, clock: Clock, *waits: timedelta) -> list[bool]:
    """Keep a picture after each wait, and return which of them can be opened then."""
    kept = []
    for wait in waits:
        clock.time += wait
        kept.append(store.keep(PICTURE))
    return [len(_found(store, hosted)) == 2 for hosted in kept]


def test_a_kept_picture_is_found_in_both_sizes(store: PictureStore) -> None:
    """By its token, which only the link tells."""
    hosted = store.keep(PICTURE)
    assert [path.read_bytes() for path in _found(store, hosted)] == [
        PICTURE.small,
        PICTURE.full,
    ]


def test_a_link_ends_as_the_gateway_wants(store: PictureStore) -> None:
    """With the extension of the format."""
    hosted = store.keep(PICTURE)
    assert hosted.small_path == f"/api/inteltele/picture/{hosted.token}.jpg"
    assert hosted.full_path == f"/api/inteltele/picture/{hosted.token}/full.jpg"


def test_the_token_stands_nowhere_but_in_the_link(
    store: PictureStore, folder: Path
) -> None:
    """Files are named by its fingerprint, and a log shows nothing."""
    hosted = store.keep(PICTURE)
    name = fingerprint(hosted.token)
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{name}.full.jpg",
        f"{name}.jpg",
    ]
    assert repr(hosted) == "HostedPicture(extension='jpg')"


def test_nobody_else_may_read_the_files(store: PictureStore, folder: Path) -> None:
    """Neither list the folder."""
    store.keep(PICTURE)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes == [0o600, 0o600]


def test_a_picture_survives_a_restart(
    store: PictureStore, folder: Path, clock: Clock
) -> None:
    """The folder is all that is remembered."""
    hosted = store.keep(PICTURE)
    restarted = PictureStore(folder, valid_for=VALID_FOR, now=clock)
    restarted.prune()
    assert len(_found(restarted, hosted)) == 2


@pytest.mark.parametrize("extension", ["png", "jpeg", "JPG", "full.jpg", "", "../x"])
def test_another_extension_finds_nothing(store: PictureStore, extension: str) -> None:
    """A link works only as it was made."""
    token = store.keep(PICTURE).token
    assert store.find(token, extension=extension, full=False) is None


@pytest.mark.parametrize(
    "token",
    ["", "../../secrets.yaml", "\ud800" * 22, new_token()],
    ids=["none", "path", "surrogates", "unknown"],
)
def test_another_token_finds_nothing(store: PictureStore, token: str) -> None:
    """Whether it is malformed or only unknown."""
    store.keep(PICTURE)
    assert store.find(token, extension="jpg", full=False) is None


def test_a_fingerprint_is_no_token(store: PictureStore) -> None:
    """Whoever can list the folder still cannot open the links."""
    name = fingerprint(store.keep(PICTURE).token)
    assert store.find(name, extension="jpg", full=False) is None


@pytest.mark.parametrize(
    ("age", "files"),
    [
        (VALID_FOR - timedelta(seconds=1), 2),
        (VALID_FOR, 0),
        # The clock was set back.
        (-4 * MINUTE, 2),
        (-6 * MINUTE, 0),
        (-3 * VALID_FOR, 0),
    ],
)
def test_a_picture_is_served_for_its_time(
    store: PictureStore, clock: Clock, age: timedelta, files: int
) -> None:
    """One that lies ahead by more than a correction of the clock is not."""
    hosted = store.keep(PICTURE)
    clock.time += age
    assert len(_found(store, hosted)) == files


@pytest.mark.parametrize(
    ("age", "files"),
    [
        (VALID_FOR - timedelta(seconds=1), 2),
        (VALID_FOR, 0),
        (-VALID_FOR, 2),
        (-VALID_FOR - timedelta(seconds=1), 0),
    ],
)
def test_what_is_over_is_removed(
    store: PictureStore, folder: Path, clock: Clock, age: timedelta, files: int
) -> None:
    """A house whose clock starts late after a power cut keeps its pictures."""
    store.keep(PICTURE)
    clock.time += age
    store.prune()
    assert len(list(folder.iterdir())) == files


def test_a_picture_is_served_again_when_the_clock_is_right_again(
    store: PictureStore, clock: Clock
) -> None:
    """As long as its time is not over."""
    hosted = store.keep(PICTURE)
    clock.time -= timedelta(hours=2)
    store.prune()
    assert _found(store, hosted) == []
    clock.time += timedelta(hours=3)
    assert len(_found(store, hosted)) == 2


def test_a_served_picture_is_not_removed_where_time_is_short(
    folder: Path, clock: Clock
) -> None:
    """The tolerance is the same for both."""
    store = PictureStore(folder, valid_for=MINUTE, now=clock)
    hosted = store.keep(PICTURE)
    clock.time -= 4 * MINUTE
    store.prune()
    assert len(_found(store, hosted)) == 2


def test_the_oldest_picture_makes_room(store: PictureStore, clock: Clock) -> None:
    """Both of its files at once."""
    assert _kept_after(store, clock, MINUTE, MINUTE, MINUTE) == [False, True, True]


def test_the_oldest_picture_makes_room_for_a_large_one(
    folder: Path, clock: Clock
) -> None:
    """Bytes are counted as well."""
    size = len(PICTURE.small) + len(PICTURE.full)
    store = PictureStore(folder, valid_for=VALID_FOR, now=clock, max_bytes=2 * size)
    assert _kept_after(store, clock, MINUTE, MINUTE, MINUTE) == [False, True, True]


def test_a_picture_of_the_future_does_not_outlast_others(
    store: PictureStore, clock: Clock
) -> None:
    """It was kept before the clock was set back."""
    back = timedelta(hours=-10)
    assert _kept_after(store, clock, MINUTE, back, MINUTE) == [False, True, True]


def test_the_new_picture_stays_where_there_is_no_room(
    folder: Path, clock: Clock
) -> None:
    """Its link is about to be sent."""
    store = PictureStore(folder, valid_for=VALID_FOR, now=clock, max_files=1)
    assert _kept_after(store, clock, MINUTE, MINUTE) == [False, True]


def test_a_picture_above_the_limit_is_refused(folder: Path, clock: Clock) -> None:
    """Nothing makes room in vain."""
    store = PictureStore(folder, valid_for=VALID_FOR, now=clock, max_bytes=2**20)
    hosted = store.keep(PICTURE)
    large = Picture(
        small=b"",
        full=bytes(2**20 + 1),
        extension="png",
    )
    with pytest.raises(PictureError) as caught:
        store.keep(large)
    assert (caught.value.rule, caught.value.value) == (PictureRule.TOO_LARGE, "1")
    assert len(_found(store, hosted)) == 2


@pytest.mark.parametrize("name", [f"{SOMEBODYS}.jpg.tmp", f"{SOMEBODYS}.full.png.tmp"])
def test_what_an_interruption_left_is_removed(
    store: PictureStore, folder: Path, clock: Clock, name: str
) -> None:
    """However new it is: a name is given only to a whole file."""
    hosted = store.keep(PICTURE)
    (folder / name).write_bytes(b"sm")
    _date(folder / name, clock)
    store.prune()
    assert set(folder.iterdir()) == set(_found(store, hosted))


def test_what_others_put_there_stays(
    store: PictureStore, folder: Path, clock: Clock
) -> None:
    """Neither is it counted."""
    folder.mkdir(parents=True)
    foreign = {folder / name for name in ("notes.txt", "x.jpg", f"{SOMEBODYS}.gif")}
    for path in foreign:
        path.write_bytes(b"mine")
    (folder / f"{SOMEBODYS}.jpg").symlink_to(folder / "notes.txt")
    (folder / f"{SOMEBODYS}.png").mkdir()
    foreign |= {folder / f"{SOMEBODYS}.jpg", folder / f"{SOMEBODYS}.png"}
    assert _kept_after(store, clock, MINUTE, MINUTE) == [True, True]
    clock.time += 2 * VALID_FOR
    store.prune()
    assert set(folder.iterdir()) == foreign


def test_only_a_file_is_served(store: PictureStore, folder: Path, clock: Clock) -> None:
    """A link in the folder might lead anywhere."""
    token = new_token()
    link = folder / f"{fingerprint(token)}.jpg"
    folder.mkdir(parents=True)
    (folder / "secrets.yaml").write_text("key")
    link.symlink_to(folder / "secrets.yaml")
    _date(link, clock)
    assert store.find(token, extension="jpg", full=False) is None


def test_there_is_nothing_to_do_without_a_folder(
    store: PictureStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An account that never sent a picture has none."""
    store.prune()
    assert store.find(new_token(), extension="jpg", full=True) is None
    assert not folder.exists()
    assert not caplog.records


@pytest.mark.usefixtures("short_files")
def test_a_disk_that_takes_only_half_is_an_error(
    store: PictureStore, folder: Path
) -> None:
    """And keeps nothing."""
    with pytest.raises(OSError, match="File too large"):
        store.keep(PICTURE)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(
    store: PictureStore, folder: Path
) -> None:
    """The caller tells it."""
    folder.parent.write_bytes(b"a file")
    with pytest.raises(NotADirectoryError):
        store.keep(PICTURE)


def test_a_folder_that_cannot_be_read_is_told_once(
    store: PictureStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Pictures are then not found."""
    folder.parent.mkdir()
    folder.write_bytes(b"a file")
    assert store.find(new_token(), extension="jpg", full=False) is None
    store.prune()
    store.prune()
    assert [record.getMessage() for record in caplog.records] == [
        "The kept pictures cannot be read: Not a directory"
    ]


def test_pictures_kept_at_once_do_not_hinder_each_other(
    folder: Path, clock: Clock
) -> None:
    """What one is writing, another does not take for left behind."""
    store = PictureStore(folder, valid_for=VALID_FOR, now=clock)
    with ThreadPoolExecutor(8) as executor:
        kept = list(executor.map(store.keep, [PICTURE] * 40))
    assert [len(_found(store, hosted)) for hosted in kept] == [2] * 40


def test_a_removed_account_leaves_no_picture(store: PictureStore, folder: Path) -> None:
    """The folder goes with it."""
    store.keep(PICTURE)
    remove(folder)
    assert not folder.exists()


def test_an_account_without_pictures_can_be_removed(folder: Path) -> None:
    """There is nothing to do."""
    remove(folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["", "../secrets.yaml", "a.jpg", "0" * 64])
def test_a_file_of_another_name_is_not_found(store: PictureStore, name: str) -> None:
    """Whatever else may lie there."""
    assert store.find_file(name) is None
