"""Refusals: every "no" has a stable code; the German sentences live in `web/refusals.py`."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """A request that the rules do not allow.

    `code` is stable and part of the API. `facts` are the values the sentence needs (times as
    aware datetimes, numbers, ids), never names or addresses of visitors.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(Refused):
    """There is no such thing here (or it belongs to another site, which is the same answer)."""

    code = "not_found"


class MoveRefused(Refused):
    """The state of the ticket or appointment does not allow this move."""

    code = "move_refused"


class PostponedAlready(Refused):
    """Somebody may ask for a few minutes more once."""

    code = "postponed_already"


class NotIssuing(Refused):
    """No ticket now; `why` is `closed`, `closing`, `stopped`, `quota` or `not_walk_in`."""

    code = "not_issuing"


class UnknownService(Refused):
    """A service that this site does not offer."""

    code = "unknown_service"


class TooManyPersons(Refused):
    """More persons than the service takes in one visit."""

    code = "too_many_persons"


class UnknownCode(Refused):
    """No appointment has this Termincode."""

    code = "unknown_code"


class TooEarly(Refused):
    """Check-in opens later: `opens_at`."""

    code = "too_early"


class OtherSite(Refused):
    """The appointment is at another site: `site`."""

    code = "other_site"


class OtherDay(Refused):
    """The appointment is on another day: `due_at`."""

    code = "other_day"


class NotConfirmed(Refused):
    """The appointment was never confirmed by e-mail."""

    code = "not_confirmed"


class Cancelled(Refused):
    """The appointment was cancelled, has expired or was missed."""

    code = "cancelled"


class NoCodeInImage(Refused):
    """The picture shows no readable code."""

    code = "no_code_in_image"


class SlotTaken(Refused):
    """The start time is not free (any more)."""

    code = "slot_taken"


class NotBookable(Refused):
    """This service is not given appointments online: `service`."""

    code = "not_bookable"


class DayHeld(Refused):
    """Too much of this day waits for confirmation; the first of it ends at `again_at`."""

    code = "day_held"


class TooManyHeld(Refused):
    """This client holds too many unconfirmed minutes; the first end at `again_at`, in `seconds`."""

    code = "too_many_held"


class MovedTooOften(Refused):
    """Its holder has moved this appointment `most` times, which is as often as it may be."""

    code = "moved_too_often"


class BadProof(Refused):
    """The proof of work is missing, wrong, too old, or was used before."""

    code = "bad_proof"


class BadKey(Refused):
    """The key that stands only in the e-mail is missing or wrong."""

    code = "bad_key"


class Expired(Refused):
    """The booking was not confirmed in time: `expires_at`."""

    code = "expired"


class BusyWith(Refused):
    """A person is already called or served at this counter: `number`."""

    code = "busy_with"


class NobodyHere(Refused):
    """No person is called or served at this counter."""

    code = "nobody_here"


class CounterNotOpen(Refused):
    """The counter is not open, or is open for a colleague."""

    code = "counter_closed"


class CounterTaken(Refused):
    """A colleague has this counter open."""

    code = "counter_taken"


class NotServedHere(Refused):
    """This counter does not serve the ticket's service."""

    code = "not_served_here"


class ReservedTicket(Refused):
    """The ticket is bound to another counter."""

    code = "bound_elsewhere"


class NumbersUsedUp(Refused):
    """All 999 numbers of the group are with living tickets."""

    code = "numbers_used_up"


class WrongPassword(Refused):
    """User name or password is wrong."""

    code = "wrong_password"


class BadPairingCode(Refused):
    """No unused pairing code like this."""

    code = "bad_pairing_code"


class PairingCodeExpired(BadPairingCode):
    """The code was right, but is too old; a new one is made on the server."""

    code = "pairing_code_expired"


class TooManyTries(Refused):
    """Slow down: try again in `seconds`."""

    code = "too_many_tries"


class NotAllowed(Refused):
    """Signed in, but without the right to do this."""

    code = "not_allowed"


class NotSignedIn(Refused):
    """Sign in or pair the device first."""

    code = "not_signed_in"


class ForeignOrigin(Refused):
    """The request came from a page of another origin."""

    code = "foreign_origin"


class BadRequest(Refused):
    """The body or a parameter is wrong; `errors` is a list of (field, code, sentence)."""

    code = "bad_request"


class PictureTooBig(Refused):
    """The uploaded picture has more bytes or pixels than allowed."""

    code = "too_large"


class AlreadyExists(Refused):
    """The name is taken."""

    code = "already_exists"


class PrinterFailed(Refused):
    """The slip could not be printed; `why` says what the printer reported."""

    code = "printer_failed"


class StorageFailed(Refused):
    """The disk or the database file does not work, or another program keeps it locked.

    Nothing was changed; the same request may work later. Facts for operators: `path`, `reason`,
    and `damaged` when only a backup helps.
    """

    code = "storage_failed"


class StorageFull(StorageFailed):
    """There is no room left on the disk; nothing was changed."""

    code = "storage_full"
