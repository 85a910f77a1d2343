"""Pictures that are on their way to an alarm, which does not wait for them for long."""

from asyncio import Future

from ..public import HostedPicture

# None, or an error, where there is no picture.
type ComingPicture = Future[HostedPicture | None]


class ComingPictures:
    """What is on its way to each alarm, in the order in which it was raised."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._coming: dict[str, list[ComingPicture]] = {}

    def expect(self, alarm_id: str, coming: ComingPicture | None) -> None:
        """Expect what the newest raise brings; with None, what came before is old."""
        if coming is None:
            self._coming.pop(alarm_id, None)
        else:
            self._coming.setdefault(alarm_id, []).append(coming)

    def are_coming(self, alarm_id: str) -> bool:
        """Return whether some are still on their way."""
        return alarm_id in self._coming

    def take(self, alarm_id: str, done: ComingPicture) -> HostedPicture | None:
        """Return the picture that came, None where there is none, or a newer one."""
        failed = done.cancelled() or done.exception() is not None
        picture = None if failed else done.result()
        coming = self._coming.pop(alarm_id, [])
        if done not in coming:
            left, picture = coming, None
        elif picture is None:
            left = [each for each in coming if each is not done]
        else:
            left = coming[coming.index(done) + 1 :]
        if left:
            self._coming[alarm_id] = left
        return picture
