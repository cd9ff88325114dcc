"""German at the edge: one sentence for every code. A test sees that none is missing.

What visitors may read is marked for the catalogues and said in their language; the desk and what
stands only there is German.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.appointment import PRECONFIRMED, RESERVED
from queue_server.domain.errors import MoveRefused, NotIssuing, Refused
from queue_server.languages import GERMAN, marked, texts, words
from queue_server.web import no_numbers

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
    "expired": marked("Frist abgelaufen"),
    "foreign_origin": marked("Anfrage abgelehnt"),
    "move_refused": marked("Jetzt nicht möglich"),
    "no_code_in_image": marked("Kein Code erkannt"),
    "nobody_here": marked("Niemand am Schalter"),
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
    "printer_failed": marked("Drucker gestört"),
    "refused": marked("Nicht möglich"),
    "slot_taken": marked("Uhrzeit nicht mehr frei"),
    "too_early": marked("Noch etwas zu früh"),
    "too_large": marked("Bild zu groß"),
    "too_many_open": marked("Schon ein Termin gebucht"),
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
    "expired": marked(
        "Der Termin wurde nicht rechtzeitig bestätigt, die Uhrzeit ist wieder frei. "
        "Bitte buchen Sie einen neuen."
    ),
    "foreign_origin": marked("Die Anfrage kam von einer fremden Seite."),
    "move_refused": marked("{number} ist inzwischen „{state}“. Das geht so nicht mehr."),
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
    "not_issuing.closed_long": marked("Wir haben geschlossen."),
    "not_issuing.closing": marked(
        "Wir schließen um {closes_at} und geben heute keine Wartenummern mehr aus. "
        "Wir öffnen wieder am {opens_at}."
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
    "printer_failed": marked("Der Drucker antwortet nicht. Bitte merken Sie sich Ihre Nummer."),
    "refused": marked("Das ist gerade nicht möglich."),
    "slot_taken": marked("Diese Uhrzeit ist nicht mehr frei. Bitte wählen Sie eine andere."),
    "too_early": marked("Ihr Termin ist um {due_at}. Der Check-in ist ab {opens_at} möglich."),
    "too_large": marked("Das Bild ist zu groß. Erlaubt sind 8 MB und 50 Megapixel."),
    "too_many_open": marked(
        "Für diese E-Mail-Adresse gibt es schon einen Termin oder eine Vormerkung. "
        "Bitte bestätigen Sie sie über den Link in der E-Mail, oder sagen Sie zuerst ab."
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

STATES: Mapping[str, str] = {
    "waiting": marked("wartet"),
    "called": marked("aufgerufen"),
    "serving": marked("in Bearbeitung"),
    "served": marked("fertig"),
    "parked": marked("geparkt"),
    "no_show": marked("nicht erschienen"),
    "cancelled": marked("abgemeldet"),
    "reserved": marked("vorgemerkt"),
    "preconfirmed": marked("vorgemerkt"),
    "confirmed": marked("bestätigt"),
    "checked_in": marked("angemeldet"),
    "expired": marked("verfallen"),
    "missed": marked("versäumt"),
}

STANDINGS: Mapping[str, str] = {
    **STATES, "expected": "erwartet", "late": "verspätet", "arrived": "angemeldet",
}  # fmt: skip

PRECEDENCE: Mapping[str, str] = {
    "mobility": "Eingeschränkte Mobilität",
    "small_child": "Kleines Kind dabei",
    "our_mistake": "Unser Versehen",
    "emergency": "Notfall",
    "other": "Anderer Grund",
}

FIELD_PROBLEMS: Mapping[str, str] = {
    "missing": marked("Diese Angabe fehlt."),
    "unknown": marked("Diese Angabe kennen wir nicht."),
    "type": marked("Diese Angabe hat nicht die erwartete Art."),
    "address": marked("Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."),
    "overlap": marked("Die Zeiten überschneiden sich."),
    "format": marked("Diese Angabe hat nicht die erwartete Form."),
    "too_short": marked("Mindestens {value} Zeichen."),
    "too_long": marked("Höchstens {value} Zeichen."),
    "too_few": marked("Mindestens {value}."),
    "too_many": marked("Höchstens {value}."),
    "too_small": marked("Mindestens {value}."),
    "too_large": marked("Höchstens {value}."),
    "range": marked("Erlaubt: {value}."),
    "length": marked("Erlaubt: {value}."),
    "date": marked("Erwartet: {value}."),
}


def title(code: str, language: str = GERMAN) -> str:
    """A few words that name the refusal."""
    return texts(language).gettext(TITLES.get(code, TITLES["refused"]))


def sentence(refusal: Refused, zone: ZoneInfo, now: datetime, language: str = GERMAN) -> str:
    """The sentence of a refusal, with its facts in local time."""
    text = SENTENCES.get(_variant(refusal), SENTENCES.get(refusal.code, SENTENCES["refused"]))
    parts = [text, *(SENTENCES[key] for key in no_numbers.more(refusal))]
    return " ".join(
        filled(texts(language).gettext(part), refusal.facts, zone, now, language) for part in parts
    )


def field_problem(code: str, value: str, language: str = GERMAN) -> str:
    """What is wrong with one field; a code without words leaves what the rule itself says."""
    known = FIELD_PROBLEMS.get(code)
    return texts(language).gettext(known).format(value=value) if known else value


def filled(
    text: str, facts: Mapping[str, Any], zone: ZoneInfo, now: datetime, language: str = GERMAN
) -> str:
    """The sentence with its facts; a fact that is not there leaves a dash, never an error."""
    shown = {key: _shown(value, zone, now, language) for key, value in facts.items()}
    return text.format_map(_Facts(shown))


def clock_time(moment: datetime, zone: ZoneInfo, now: datetime, language: str = GERMAN) -> str:
    """`10:15 Uhr` today, `Mo 23.11., 08:00 Uhr` on another day."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = words.clock(moment, zone, language).replace(words.FIRM, " ")
    return time if local.date() == today else f"{words.short_day(moment, zone, language)}, {time}"


def _variant(refusal: Refused) -> str:
    if isinstance(refusal, NotIssuing):
        return no_numbers.variant(refusal)
    # An appointment has no number to be named by.
    if isinstance(refusal, MoveRefused) and "number" not in refusal.facts:
        is_held = refusal.facts.get("state") in (RESERVED, PRECONFIRMED)
        return "move_refused.reserved" if is_held else "move_refused.appointment"
    return f"{refusal.code}.{refusal.facts.get('state')}"


def _shown(value: Any, zone: ZoneInfo, now: datetime, language: str) -> str:
    if isinstance(value, datetime):
        return clock_time(value, zone, now, language)
    known = STATES.get(str(value))
    return texts(language).gettext(known) if known else str(value)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
