"""German at the edge: one sentence for every code. A test sees that none is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain.errors import NotIssuing, Refused
from queue_server.domain.priority import Reason

TITLES: Mapping[str, str] = {
    "already_exists": "Gibt es schon",
    "bad_key": "Link unvollständig",
    "bad_proof": "Prüfung nicht bestanden",
    "bad_pairing_code": "Kopplungscode unbekannt",
    "bad_request": "Eingabe unvollständig",
    "bound_elsewhere": "Für einen anderen Platz vorgemerkt",
    "busy_with": "Hier ist noch jemand",
    "cancelled": "Termin nicht mehr gültig",
    "counter_closed": "Schalter nicht geöffnet",
    "counter_taken": "Schalter besetzt",
    "expired": "Frist abgelaufen",
    "foreign_origin": "Anfrage abgelehnt",
    "move_refused": "Jetzt nicht möglich",
    "no_code_in_image": "Kein Code erkannt",
    "nobody_here": "Niemand am Schalter",
    "not_allowed": "Nicht erlaubt",
    "not_bookable": "Online nicht buchbar",
    "not_confirmed": "Termin noch nicht bestätigt",
    "not_found": "Nicht gefunden",
    "not_issuing": "Zurzeit keine Wartenummern",
    "not_served_here": "Hier nicht möglich",
    "not_signed_in": "Bitte anmelden",
    "numbers_used_up": "Keine Nummer frei",
    "other_day": "Termin an einem anderen Tag",
    "other_site": "Termin an einem anderen Standort",
    "printer_failed": "Drucker gestört",
    "refused": "Nicht möglich",
    "slot_taken": "Uhrzeit nicht mehr frei",
    "too_early": "Noch etwas zu früh",
    "too_large": "Bild zu groß",
    "too_many_open": "Schon ein Termin gebucht",
    "too_many_persons": "Zu viele Personen",
    "too_many_tries": "Zu viele Versuche",
    "unknown_code": "Termincode unbekannt",
    "unknown_service": "Anliegen unbekannt",
    "wrong_password": "Anmeldung fehlgeschlagen",
}

SENTENCES: Mapping[str, str] = {
    "already_exists": "„{name}“ gibt es schon.",
    "bad_key": (
        "Dieser Link ist nicht vollständig. Bitte öffnen Sie den ganzen Link aus der E-Mail."
    ),
    "bad_proof": (
        "Die Prüfung gegen automatische Buchungen war nicht erfolgreich. Bitte versuchen Sie es "
        "noch einmal."
    ),
    "bad_pairing_code": (
        "Diesen Kopplungscode gibt es nicht, oder er wurde schon verwendet. "
        "Einen neuen zeigt der Befehl „aufruf device add“."
    ),
    "bad_request": "Bitte prüfen Sie Ihre Angaben.",
    "bound_elsewhere": "Diese Person wurde an {counter} weitergeleitet.",
    "busy_with": "Am Schalter ist noch {number}. Bitte schließen Sie diesen Vorgang zuerst ab.",
    "cancelled": "Dieser Termin wurde abgesagt oder ist verfallen.",
    "cancelled.missed": (
        "Ihr Termin war um {due_at}. Ein Check-in ist leider nicht mehr möglich. "
        "Bitte ziehen Sie eine Wartenummer."
    ),
    "counter_closed": "{counter} ist nicht von Ihnen geöffnet.",
    "counter_taken": "{counter} ist von {clerk} geöffnet.",
    "expired": (
        "Der Termin wurde nicht rechtzeitig bestätigt, die Uhrzeit ist wieder frei. "
        "Bitte buchen Sie einen neuen."
    ),
    "foreign_origin": "Die Anfrage kam von einer fremden Seite.",
    "move_refused": "{number} ist inzwischen „{state}“. Das geht so nicht mehr.",
    "no_code_in_image": (
        "Auf dem Bild ist kein Code zu erkennen. Bitte halten Sie den Code näher und gerade, "
        "oder geben Sie ihn ein."
    ),
    "nobody_here": "An {counter} ist gerade niemand aufgerufen.",
    "not_allowed": "Dafür fehlt Ihnen die Berechtigung.",
    "not_bookable": "Für „{service}“ gibt es online keine Termine.",
    "not_confirmed": (
        "Dieser Termin wurde nicht über den Link in der E-Mail bestätigt. "
        "Bitte ziehen Sie eine Wartenummer."
    ),
    "not_served_here": "An {counter} wird „{service}“ nicht bearbeitet.",
    "not_found": "Das gibt es hier nicht.",
    "not_issuing.closed": "Wir haben geschlossen. Wir öffnen wieder am {opens_at}.",
    "not_issuing.closed_long": "Wir haben geschlossen.",
    "not_issuing.closing": (
        "Wir schließen um {closes_at} und geben heute keine Wartenummern mehr aus. "
        "Wir öffnen wieder am {opens_at}."
    ),
    "not_issuing.quota": "Für „{service}“ sind heute alle Wartenummern vergeben.",
    "not_issuing.not_walk_in": "„{service}“ ist nur mit Termin möglich.",
    "not_signed_in": "Bitte melden Sie sich zuerst an.",
    "numbers_used_up": "In der Gruppe {group} sind alle 999 Nummern vergeben.",
    "other_day": "Ihr Termin ist am {due_at}.",
    "other_site": "Ihr Termin ist an einem anderen Standort: {site}.",
    "printer_failed": "Der Drucker antwortet nicht. Bitte merken Sie sich Ihre Nummer.",
    "refused": "Das ist gerade nicht möglich.",
    "slot_taken": "Diese Uhrzeit ist nicht mehr frei. Bitte wählen Sie eine andere.",
    "too_early": "Ihr Termin ist um {due_at}. Der Check-in ist ab {opens_at} möglich.",
    "too_large": "Das Bild ist zu groß. Erlaubt sind 8 MB und 50 Megapixel.",
    "too_many_open": (
        "Für diese E-Mail-Adresse gibt es schon einen Termin oder eine Vormerkung. "
        "Bitte bestätigen Sie sie über den Link in der E-Mail, oder sagen Sie zuerst ab."
    ),
    "too_many_persons": "Höchstzahl der Personen für dieses Anliegen: {most}.",
    "too_many_tries": "Zu viele Versuche. Bitte warten Sie {seconds} Sekunden.",
    "unknown_code": (
        "Diesen Termincode kennen wir nicht. Bitte prüfen Sie die neun Zeichen, "
        "oder ziehen Sie eine Wartenummer."
    ),
    "unknown_service": "Dieses Anliegen wird hier nicht angeboten.",
    "wrong_password": "Benutzername oder Passwort ist falsch.",
}

STATES: Mapping[str, str] = {
    "waiting": "wartet",
    "called": "aufgerufen",
    "serving": "in Bearbeitung",
    "served": "fertig",
    "parked": "geparkt",
    "no_show": "nicht erschienen",
    "cancelled": "abgemeldet",
    "reserved": "vorgemerkt",
    "preconfirmed": "vorgemerkt",
    "confirmed": "bestätigt",
    "checked_in": "angemeldet",
    "expired": "verfallen",
    "missed": "versäumt",
}

STANDINGS: Mapping[str, str] = {**STATES, "expected": "erwartet", "late": "verspätet",
                                "arrived": "angemeldet"}  # fmt: skip

REASONS: Mapping[str, str] = {
    "precedence": "Vorrang",
    "appointment_due": "Termin {due_at} ist fällig",
    "appointment_first": "Termin {due_at}",
    "appointment_early": "Termin {due_at}, schon da",
    "guard": "Wartet {waited_minutes} min: jeder {every}. Aufruf",
    "arrival": "Wartet {waited_minutes} min",
    "chosen": "Ausgewählt, wartet {waited_minutes} min",
}

PRECEDENCE: Mapping[str, str] = {
    "mobility": "Eingeschränkte Mobilität",
    "small_child": "Kleines Kind dabei",
    "our_mistake": "Unser Versehen",
    "emergency": "Notfall",
    "other": "Anderer Grund",
}

FIELD_PROBLEMS: Mapping[str, str] = {
    "missing": "Diese Angabe fehlt.",
    "unknown": "Diese Angabe kennen wir nicht.",
    "type": "Diese Angabe hat nicht die erwartete Art.",
    "address": "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de.",
    "overlap": "Die Zeiten überschneiden sich.",
    "format": "Diese Angabe hat nicht die erwartete Form.",
    "too_short": "Mindestens {value} Zeichen.",
    "too_long": "Höchstens {value} Zeichen.",
    "too_few": "Mindestens {value}.",
    "too_many": "Höchstens {value}.",
    "too_small": "Mindestens {value}.",
    "too_large": "Höchstens {value}.",
    "range": "Erlaubt: {value}.",
    "length": "Erlaubt: {value}.",
    "date": "Erwartet: {value}.",
}

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def title(code: str) -> str:
    return TITLES.get(code, TITLES["refused"])


def sentence(refusal: Refused, zone: ZoneInfo, now: datetime) -> str:
    """The German sentence of a refusal, with its facts in local time."""
    text = SENTENCES.get(_variant(refusal), SENTENCES.get(refusal.code, SENTENCES["refused"]))
    return filled(text, refusal.facts, zone, now)


def reason_text(reason: Reason, zone: ZoneInfo, now: datetime) -> str:
    """Why this person, in a few words for the desk."""
    return filled(REASONS[reason.code], reason.facts, zone, now)


def filled(text: str, facts: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    """The sentence with its facts; a fact that is not there leaves a dash, never an error."""
    shown = {key: _shown(value, zone, now) for key, value in facts.items()}
    return text.format_map(_Facts(shown))


def clock_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`10:15 Uhr` today, `Mo 23.11., 08:00 Uhr` on another day."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = f"{local:%H:%M} Uhr"
    return time if local.date() == today else f"{WEEKDAYS[local.weekday()]} {local:%d.%m.}, {time}"


def _variant(refusal: Refused) -> str:
    if isinstance(refusal, NotIssuing):
        no_date = refusal.facts.get("opens_at", "") is None
        return "not_issuing.closed_long" if no_date else f"not_issuing.{refusal.facts['why']}"
    return f"{refusal.code}.{refusal.facts.get('state')}"


def _shown(value: Any, zone: ZoneInfo, now: datetime) -> str:
    if isinstance(value, datetime):
        return clock_time(value, zone, now)
    return STATES.get(str(value), str(value))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
