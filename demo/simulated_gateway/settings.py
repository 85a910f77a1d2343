"""What the simulated gateway is like, and how it may misbehave."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Literal

DEFAULT_IPS = ("127.0.0.0/8", "::1/128")
MAX_KEYS = 5


@dataclass(slots=True, kw_only=True)
class Misbehaviour:
    """Everything that the real gateway's page leaves open, or that can go wrong.

    `apply_to` names the paths concerned, none meaning all of them; `times` is how often
    it still happens, None meaning always. Times are in real seconds; `drip` is the one
    between two bytes. `status_zone` is what states are told in, whatever was asked for,
    and `id_case` that of their ids. `html_body` is what the gateway's own program
    prints when it breaks; `router_page` is the HTTP status of a page that somebody on
    the way answers with instead. `get_only` is the HTTP status by which sending refuses
    POST.
    `sms_status` says whether /message/status/ tells of SMS, or how it does not: then
    /im/status/ does. `sms_parts` says whether a reply counts them, and
    `sms_reports` whether they are reported one by one.
    """

    single_quotes: bool = False
    get_only: Literal[404, 405, 501] | None = None
    error_shape: Literal["documented", "reply", "flat"] = "documented"
    error_http_status: int = 200
    content_type: str = "application/json"
    report_before_reply: bool = False
    report_copies: int = 1
    report_delay: float = 0.0
    reorder_reports: bool = False
    date_format: Literal["iso", "day_first"] = "iso"
    status_zone: str | None = None
    id_case: Literal["lower", "upper"] = "lower"
    amounts: Literal["text", "number", "comma", "null"] = "text"
    state_case: Literal["lower", "upper"] = "lower"
    mcc_field: Literal["documented", "mcc", "mccmnc"] = "documented"
    sms_status: Literal["told", "empty", "not_found", "page", "redirect"] = "told"
    sms_parts: bool = True
    sms_reports: Literal["together", "by_part", "last_part_fails"] = "together"
    batch_status: Literal["all", "first_only", "refuse"] = "all"
    number_prefix: Literal["", "+"] = ""
    delay: float = 0.0
    cut_off: Literal["none", "before_work", "after_work"] = "none"
    server_error: int | None = None
    html_body: bool = False
    router_page: int | None = None
    oversized_body: bool = False
    drip: float = 0.0
    redirect_to: str | None = None
    shuffle_results: bool = False
    omit_results: int = 0
    apply_to: tuple[str, ...] = ()
    times: int | None = None

    def drawn_for(self, path: str) -> Misbehaviour:
        """Return how one request to a path is misbehaved to, and count it."""
        if (self.apply_to and path not in self.apply_to) or self.times == 0:
            return Misbehaviour()
        drawn = replace(self)
        if self.times is not None:
            self.times -= 1
        return drawn


@dataclass(slots=True, kw_only=True)
class GatewaySettings:
    """An account at the simulated gateway, and the gateway's ways.

    `delivery_delay` is in real seconds. `speed` is how many simulated seconds pass in a
    real one for time to live, lock-out and the minute without repetitions, for which
    Viber messages and SMS count together only with `repeat_across`.
    """

    username: str = "demo"
    api_keys: tuple[str, ...] = ("demo-key",)
    allowed_ips: tuple[str, ...] = DEFAULT_IPS
    balance: Decimal = Decimal("25.00")
    credit: Decimal = Decimal("0.00")
    lock_out_after: int = 5
    report_url: str | None = None
    report_method: Literal["GET", "POST"] = "POST"
    delivery_delay: float = 0.0
    speed: float = 1.0
    repeat_detection: Literal["same_text", "any_text", "off"] = "same_text"
    repeat_across: bool = False
    fallback_on_expiry: bool = False
    contacts: dict[str, str] = field(default_factory=dict)
    misbehaviour: Misbehaviour = field(default_factory=Misbehaviour)


def update(target: GatewaySettings | Misbehaviour, changes: dict[str, Any]) -> None:
    """Change fields by name; values are as JSON has them.

    Raises ValueError with a sentence for a name that does not exist.
    """
    names = {entry.name for entry in fields(target)}
    if unknown := sorted(set(changes) - names):
        raise ValueError(
            f"There is no {', '.join(unknown)}. There are {', '.join(sorted(names))}."
        )
    for name, value in changes.items():
        present = getattr(target, name)
        if isinstance(present, Misbehaviour):
            fresh = Misbehaviour()
            update(fresh, value)
            target.misbehaviour = fresh  # type: ignore[union-attr]
        elif isinstance(present, tuple):
            setattr(target, name, tuple(_texts(name, value)))
        elif isinstance(present, Decimal):
            setattr(target, name, Decimal(str(value)))
        else:
            setattr(target, name, value)


def _texts(name: str, value: object) -> Iterable[str]:
    """Return a list of texts, or raise ValueError."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} must be a list of texts.")
    return value
