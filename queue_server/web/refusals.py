"""Every refusal in words: a title and a sentence for each code. A test sees that none is missing.

What visitors may read is marked for the catalogues and said in their language; the desk and what
stands only there is German.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from queue_server.domain.appointment import CANCELLED, EXPIRED, PRECONFIRMED, RESERVED
from queue_server.domain.errors import MoveRefused, NotIssuing, Refused
from queue_server.domain.ticket_stop import CLERK
from queue_server.languages import GERMAN, marked, texts
from queue_server.web.wording import filled

TITLES: Mapping[str, str] = {
    "already_exists": marked("Gibt es schon"),
    "bad_key": marked("Link unvollständig"),
    "bad_proof": marked("Prüfung nicht bestanden"),
    "bad_pairing_code": marked("Kopplungscode unbekannt"),
    "bad_request": marked("Eingabe unvollständig"),
    "bound_elsewhere": marked("Für einen anderen Platz vorgemerkt"),
    "busy_with": marked("Hier ist noch jemand"),
    "cancelled": marked("Termin nicht mehr gültig"),
    "counter_closed": marked("Schalter nicht geöffnet"),
    "counter_taken": marked("Schalter besetzt"),
    "day_held": marked("Tag gerade vorgemerkt"),
    "expired": marked("Frist abgelaufen"),
    "foreign_origin": marked("Anfrage abgelehnt"),
    "move_refused": marked("Jetzt nicht möglich"),
    "moved_too_often": marked("Zu oft verschoben"),
    "no_code_in_image": marked("Kein Code erkannt"),
    "nobody_here": marked("Niemand am Schalter"),
    "postponed_already": marked("Schon einmal verschoben"),
    "not_allowed": marked("Nicht erlaubt"),
    "not_bookable": marked("Online nicht buchbar"),
    "not_confirmed": marked("Termin noch nicht bestätigt"),
    "not_found": marked("Nicht gefunden"),
    "not_issuing": marked("Zurzeit keine Wartenummern"),
    "not_served_here": marked("Hier nicht möglich"),
    "not_signed_in": marked("Bitte anmelden"),
    "numbers_used_up": marked("Keine Nummer frei"),
    "other_day": marked("Termin an einem anderen Tag"),
    "other_site": marked("Termin an einem anderen Standort"),
    "pairing_code_expired": marked("Kopplungscode abgelaufen"),
    "printer_failed": marked("Drucker gestört"),
    "refused": marked("Nicht möglich"),
    "slot_taken": marked("Uhrzeit nicht mehr frei"),
    "too_early": marked("Noch etwas zu früh"),
    "too_large": marked("Bild zu groß"),
    "storage_failed": marked("Speichern gestört"),
    "storage_full": marked("Speicher voll"),
    "too_many_held": marked("Zu viele Vormerkungen"),
    "too_many_persons": marked("Zu viele Personen"),
    "too_many_tries": marked("Zu viele Versuche"),
    "unknown_code": marked("Termincode unbekannt"),
    "unknown_service": marked("Anliegen unbekannt"),
    "wrong_password": marked("Anmeldung fehlgeschlagen"),
}

SENTENCES: Mapping[str, str] = {
    "already_exists": marked("„{name}“ gibt es schon."),
    "bad_key": marked(
        "Dieser Link ist nicht vollständig. Bitte öffnen Sie den ganzen Link aus der E-Mail."
    ),
    "bad_proof": marked(
        "Die Prüfung gegen automatische Buchungen war nicht erfolgreich. Bitte versuchen Sie es "
        "noch einmal."
    ),
    "bad_pairing_code": marked(
        "Diesen Kopplungscode gibt es nicht, oder er wurde schon verwendet. "
        "Einen neuen zeigt der Befehl „aufruf device add“."
    ),
    "bad_request": marked("Bitte prüfen Sie Ihre Angaben."),
    "bound_elsewhere": marked("Diese Person wurde an {counter} weitergeleitet."),
    "busy_with": marked(
        "Am Schalter ist noch {number}. Bitte schließen Sie diesen Vorgang zuerst ab."
    ),
    "cancelled": marked("Dieser Termin wurde abgesagt oder ist verfallen."),
    "cancelled.missed": marked(
        "Ihr Termin war um {due_at}. Ein Check-in ist leider nicht mehr möglich. "
        "Bitte ziehen Sie eine Wartenummer."
    ),
    "counter_closed": marked("{counter} ist nicht von Ihnen geöffnet."),
    "counter_taken": marked("{counter} ist von {clerk} geöffnet."),
    "day_held": marked(
        "An diesem Tag sind gerade sehr viele Zeiten vorgemerkt und noch nicht bestätigt. Bitte "
        "wählen Sie einen anderen Tag, oder versuchen Sie es ab {again_at} noch einmal."
    ),
    "expired": marked(
        "Der Termin wurde nicht rechtzeitig bestätigt, die Uhrzeit ist wieder frei. "
        "Bitte buchen Sie einen neuen."
    ),
    "foreign_origin": marked("Die Anfrage kam von einer fremden Seite."),
    "move_refused": marked("{number} ist inzwischen „{state}“. Das geht so nicht mehr."),
    "postponed_already": marked(
        "Sie haben schon einmal um fünf Minuten gebeten. Das geht nur einmal."
    ),
    "moved_too_often": marked(
        "Dieser Termin wurde schon oft verschoben, und online geht es nicht noch einmal. Bitte "
        "rufen Sie uns an, oder sagen Sie ihn ab und buchen Sie einen neuen."
    ),
    "move_refused.appointment": marked(
        "Dieser Termin ist inzwischen „{state}“. Das geht so nicht mehr."
    ),
    "move_refused.reserved": marked(
        "Dieser Termin ist noch nicht bestätigt. Bitte bestätigen Sie ihn zuerst über den Link in "
        "der E-Mail, oder sagen Sie ihn ab und wählen Sie eine andere Uhrzeit."
    ),
    "no_code_in_image": marked(
        "Auf dem Bild ist kein Code zu erkennen. Bitte halten Sie den Code näher und gerade, "
        "oder geben Sie ihn ein."
    ),
    "nobody_here": marked("An {counter} ist gerade niemand aufgerufen."),
    "not_allowed": marked("Dafür fehlt Ihnen die Berechtigung."),
    "not_bookable": marked("Für „{service}“ gibt es online keine Termine."),
    "not_confirmed": marked(
        "Dieser Termin wurde nicht über den Link in der E-Mail bestätigt. "
        "Bitte ziehen Sie eine Wartenummer."
    ),
    "not_served_here": marked("An {counter} wird „{service}“ nicht bearbeitet."),
    "not_found": marked("Das gibt es hier nicht."),
    "not_issuing.closed": marked("Wir haben geschlossen. Wir öffnen wieder am {opens_at}."),
    "not_issuing.closed_today": marked("Wir haben geschlossen. Wir öffnen heute um {opens_at}."),
    "not_issuing.closed_long": marked("Wir haben geschlossen."),
    "not_issuing.closing": marked(
        "Wir schließen um {closes_at} und geben heute keine Wartenummern mehr aus. "
        "Wir öffnen wieder am {opens_at}."
    ),
    "not_issuing.closing_today": marked(
        "Wir schließen um {closes_at} und geben bis dahin keine Wartenummern mehr aus. "
        "Wir öffnen heute wieder um {opens_at}."
    ),
    "not_issuing.quota": marked("Für „{service}“ sind heute alle Wartenummern vergeben."),
    "not_issuing.quota_all": marked("Heute sind alle Wartenummern vergeben."),
    "not_issuing.stopped_clerk": marked(
        "Für „{service}“ geben wir heute keine Wartenummern mehr aus. Grund: {reason}."
    ),
    "not_issuing.stopped_clerk_all": marked(
        "Heute geben wir keine Wartenummern mehr aus. Grund: {reason}."
    ),
    "not_issuing.stopped_forecast": marked(
        "Für „{service}“ gibt es zurzeit keine Wartenummern: Es warten schon so viele Personen, "
        "wie wir bis zum Schluss bedienen können."
    ),
    "not_issuing.stopped_forecast_all": marked(
        "Zurzeit gibt es keine Wartenummern: Es warten schon so viele Personen, wie wir bis zum "
        "Schluss bedienen können."
    ),
    "not_issuing.stopped_clerk_again": marked("Ab {opens_at} gibt es wieder Wartenummern."),
    "not_issuing.stopped_forecast_again": marked(
        "Spätestens ab {opens_at} gibt es wieder Wartenummern."
    ),
    "not_issuing.stopped": marked("Für „{service}“ geben wir heute keine Wartenummern mehr aus."),
    "not_issuing.stopped_all": marked("Heute geben wir keine Wartenummern mehr aus."),
    "not_issuing.not_walk_in": marked("„{service}“ ist nur mit Termin möglich."),
    "not_signed_in": marked("Bitte melden Sie sich zuerst an."),
    "numbers_used_up": marked("In der Gruppe {group} sind alle 999 Nummern vergeben."),
    "other_day": marked("Ihr Termin ist am {due_at}."),
    "other_site": marked("Ihr Termin ist an einem anderen Standort: {site}."),
    "pairing_code_expired": marked(
        "Dieser Kopplungscode ist zu alt. Einen neuen zeigt der Befehl „aufruf device add“."
    ),
    "printer_failed": marked("Der Drucker antwortet nicht. Bitte merken Sie sich Ihre Nummer."),
    "refused": marked("Das ist gerade nicht möglich."),
    "slot_taken": marked("Diese Uhrzeit ist nicht mehr frei. Bitte wählen Sie eine andere."),
    "too_early": marked("Ihr Termin ist um {due_at}. Der Check-in ist ab {opens_at} möglich."),
    "too_large": marked(
        "Das Bild ist zu groß. Erlaubt sind 8 MB und 50 Megapixel als JPEG, sonst 16 Megapixel."
    ),
    "too_many_held": marked(
        "Von Ihrem Anschluss sind schon viele Zeiten vorgemerkt. Bitte bestätigen Sie diese zuerst "
        "über den Link in der E-Mail, oder versuchen Sie es ab {again_at} noch einmal."
    ),
    "storage_failed": marked(
        "Zurzeit kann nichts gespeichert werden. Es wurde nichts geändert. "
        "Bitte versuchen Sie es in einer Minute noch einmal."
    ),
    "storage_full": marked(
        "Zurzeit kann nichts gespeichert werden, der Speicher ist voll. Es wurde nichts geändert. "
        "Bitte versuchen Sie es in einer Minute noch einmal."
    ),
    "too_many_persons": marked("Höchstzahl der Personen für dieses Anliegen: {most}."),
    "too_many_tries": marked("Zu viele Versuche. Bitte warten Sie {seconds} Sekunden."),
    "unknown_code": marked(
        "Diesen Termincode kennen wir nicht. Bitte prüfen Sie die neun Zeichen, "
        "oder ziehen Sie eine Wartenummer."
    ),
    "unknown_service": marked("Dieses Anliegen wird hier nicht angeboten."),
    "wrong_password": marked("Benutzername oder Passwort ist falsch."),
}


def title(code: str, language: str = GERMAN) -> str:
    """A few words that name the refusal."""
    return texts(language).gettext(TITLES.get(code, TITLES["refused"]))


def sentence(refusal: Refused, zone: ZoneInfo, now: datetime, language: str = GERMAN) -> str:
    """The sentence of a refusal, with its facts in local time."""
    today = now.astimezone(zone).date()
    variant = _variant(refusal, lambda moment: moment.astimezone(zone).date() == today)
    text = SENTENCES.get(variant, SENTENCES.get(refusal.code, SENTENCES["refused"]))
    parts = [text, *(SENTENCES[key] for key in _more(refusal))]
    return " ".join(
        filled(texts(language).gettext(part), refusal.facts, zone, now, language) for part in parts
    )


def _variant(refusal: Refused, is_today: Callable[[datetime], bool]) -> str:
    if isinstance(refusal, NotIssuing):
        return f"not_issuing.{_why(refusal, is_today)}"
    # An appointment has no number to be named by.
    if isinstance(refusal, MoveRefused) and "number" not in refusal.facts:
        return _held_up(str(refusal.facts.get("state")))
    return f"{refusal.code}.{refusal.facts.get('state')}"


def _held_up(state: str) -> str:
    """Why nothing can be done with an appointment any more, or yet."""
    if state in (RESERVED, PRECONFIRMED):
        return "move_refused.reserved"
    return "cancelled" if state in (CANCELLED, EXPIRED) else "move_refused.appointment"


def _why(refusal: NotIssuing, is_today: Callable[[datetime], bool]) -> str:
    """`why`, and where it matters who stopped it and whether it is so for every service."""
    why, everything = str(refusal.facts["why"]), "" if "service" in refusal.facts else "_all"
    if why in ("closed", "closing"):
        opens_at = refusal.facts["opens_at"]
        if not isinstance(opens_at, datetime):
            return "closed_long"
        return f"{why}_today" if is_today(opens_at) else why
    if why != "stopped":
        return why + everything
    by = str(refusal.facts["by"])
    # Stopped for several reasons at once, or the reason stands apart.
    if by == CLERK and not refusal.facts["reason"]:
        return f"stopped{everything}"
    return f"stopped_{by}{everything}"


def _more(refusal: Refused) -> list[str]:
    """From when there are numbers again, where the sentence itself does not say it."""
    if refusal.facts.get("why") != "stopped" or refusal.facts["opens_at"] is None:
        return []
    return [f"not_issuing.stopped_{refusal.facts['by']}_again"]
