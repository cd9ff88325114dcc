"""The parts of an office that can be set up, each with its place in config.toml and its fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from queue_server.domain.site import Site
from queue_server.office.setup.fields import Options, SetupField
from queue_server.settings.editing import Place
from queue_server.settings.schema_site import LANGUAGES
from queue_server.web.wording import LANGUAGES_IN_GERMAN

Field = SetupField
WEEK = (("mon", "Montag"), ("tue", "Dienstag"), ("wed", "Mittwoch"), ("thu", "Donnerstag"),
        ("fri", "Freitag"), ("sat", "Samstag"), ("sun", "Sonntag"))  # fmt: skip
DIRECTIONS = (("", "keine"), ("left", "nach links"), ("right", "nach rechts"),
              ("straight", "geradeaus"), ("up", "nach oben"), ("down", "nach unten"))  # fmt: skip
LAYOUTS = (("calls_next", "Aufrufe und die Nächsten"), ("calls", "nur Aufrufe"),
           ("calls_information", "Aufrufe und Informationsseiten"))  # fmt: skip
PRINTS = (("always", "immer"), ("ask", "auf Nachfrage"), ("never", "nie"))
EVERY = ("*", "alle Anliegen")


@dataclass(frozen=True, slots=True)
class SetupPart:
    """A form, or with `kind` a list of `[[site.kind]]` with a form for each.

    `inner` are the tables below the site that a single form is about. `one` and `about` are its
    words; with `can_grow` entries come and go, with `order_words`, which say what it is good for,
    they change places. `decides_hours`: appointments may fall out.
    """

    id: str
    title: str
    about: str
    fields: Sequence[SetupField]
    inner: tuple[str, ...] = ()
    kind: str = ""
    one: str = ""
    can_grow: bool = False
    order_words: str = ""
    decides_hours: bool = False

    @property
    def is_list(self) -> bool:
        return bool(self.kind)

    @property
    def schema(self) -> tuple[str, ...]:
        """Where the schema says what its keys may hold."""
        return ("site", *((self.kind,) if self.kind else self.inner))

    def key(self, entry: str) -> str | int:
        """The name of an entry in a place of config.toml: its id, else its number."""
        return int(entry) if self.kind == "page" else entry

    def place(self, site: Site, entry: str | int = "") -> Place:
        """Where it stands in config.toml."""
        return ("site", site.id, *((self.kind, entry) if self.kind else self.inner))


def services(site: Site) -> Options:
    return [(service.id, service.name) for service in site.services]


def services_or_all(site: Site) -> Options:
    return [EVERY, *services(site)]


def displays(site: Site) -> Options:
    return [(display.id, display.name or display.id) for display in site.displays]


def counters_with_lists(site: Site) -> Options:
    """Those that serve what they list; the others serve everything anyhow."""
    return [(each.id, each.name) for each in site.counters if EVERY[0] not in each.services]


def spoken_languages(site: Site) -> Options:
    return [(code, LANGUAGES_IN_GERMAN[code]) for code in LANGUAGES]


def chosen(options: Options) -> Callable[[Site], Options]:
    return lambda site: options


ID = Field("id", "Kennung", "Steht in Adressen und im Protokoll und bleibt immer gleich: kleine "
           "Buchstaben, Ziffern und Bindestriche.", "id", is_needed=True)  # fmt: skip

HOURS = SetupPart(
    "hours", "Öffnungszeiten", "Die gewöhnliche Woche, zum Beispiel 08:00–12:00, 14:00–18:00; leer "
    "heißt geschlossen. Feiertage und besondere Tage gehen vor.",
    [Field(key, name, kind="spans") for key, name in WEEK], inner=("hours",), decides_hours=True,
)  # fmt: skip
SPECIAL_DAYS = SetupPart(
    "special-days", "Besondere Tage in config.toml", "Tage, die lange vorher feststehen. Was unter "
    "„Besondere Tage“ für einen dieser Tage entschieden ist, geht vor.",
    [
        Field("day", "Tag", kind="day", is_needed=True),
        Field("hours", "Öffnungszeiten", "Zum Beispiel 08:00–10:00; leer heißt geschlossen.",
              kind="spans"),
        Field("notice", "Hinweis für Besucherinnen und Besucher", "Zum Beispiel: Heiligabend."),
    ],
    kind="special_day", one="Tag", can_grow=True, decides_hours=True,
)  # fmt: skip
SITE = SetupPart(
    "site", "Standort und Hinweise", "Name, Adresse, Telefon und die Zeilen unten auf der "
    "Aufrufanzeige.",
    [
        Field("name", "Name des Standorts", is_needed=True),
        Field("short_name", "Kurzer Name", "Wo wenig Platz ist, etwa auf schmalen Zetteln."),
        Field("address", "Adresse", "Steht auf Zetteln und in E-Mails."),
        Field("phone", "Telefon", "Wo etwas online nicht geht."),
        Field("counter_word", "Wort für einen Schalter", "Schalter, Platz oder Raum."),
        Field("notices", "Hinweise auf der Aufrufanzeige", "Jede Zeile ein Hinweis.", "lines"),
    ],
)  # fmt: skip
SERVICES = SetupPart(
    "services", "Anliegen", "Wofür man kommt: Dauer, Unterlagen, Gebühr und Gruppe.",
    [
        ID,
        Field("name", "Name", is_needed=True),
        Field("group", "Gruppe", "Der Buchstabe der Wartenummer.", "letter", is_needed=True),
        Field("group_name", "Name der Gruppe", "Gilt für alle Anliegen dieses Buchstabens."),
        Field("minutes", "Minuten für eine Person", kind="whole", is_needed=True),
        Field("documents", "Unterlagen", "Jede Zeile eine Unterlage.", "lines"),
        Field("fee", "Gebühr", "Wie auf dem Aushang, zum Beispiel 46,00 €."),
        Field("walk_in", "Ohne Termin möglich", kind="yes"),
        Field("bookable", "Mit Termin möglich", kind="yes"),
        Field("max_persons", "Personen bei einem Besuch", "Höchstens.", "whole"),
        Field("daily_quota", "Wartenummern am Tag", "0 heißt: so viele, wie kommen.", "whole"),
        Field("online_url", "Adresse, unter der es online geht", kind="address"),
        Field("leika", "LeiKa-Schlüssel", "14 Ziffern, oder leer."),
        Field("counters", "Schalter, die es bedienen", "Schalter für alle Anliegen stehen nicht "
              "dabei.", "several", options=counters_with_lists, is_virtual=True),
    ],
    kind="service", one="Anliegen", can_grow=True,
    order_words="In dieser Reihenfolge stehen die Anliegen am Terminal, bei der Buchung und am "
    "Schalter; eine Gruppe steht, wo ihr erstes Anliegen steht.",
)  # fmt: skip
IN_LANGUAGE = ("name", "group_name", "fee", "documents", "online_url")
WORDS = SetupPart(
    "words", "Übersetzungen", "Anliegen in den anderen Sprachen. Was fehlt, bleibt deutsch.",
    [
        Field(field.key, field.label, kind=field.kind, below=("translated", language),
              section=LANGUAGES_IN_GERMAN[language],
              hint="So viele Zeilen wie auf Deutsch." if field.kind == "lines" else "")
        for language in LANGUAGES if language != "de"
        for field in SERVICES.fields if field.key in IN_LANGUAGE
    ],
    kind="service", one="Anliegen",
)  # fmt: skip
OWN_WORDS = SetupPart(
    "own-words", "Eigene Worte", "Namen, Hinweise und Gründe besonderer Tage in den anderen "
    "Sprachen.",
    [], kind="translated", one="Sprache",
)  # fmt: skip
COUNTERS = SetupPart(
    "counters", "Schalter", "Wo bedient wird, und was.",
    [
        ID,
        Field("name", "Name", "Zum Beispiel Schalter 3.", is_needed=True),
        Field("services", "Anliegen", kind="several", options=services_or_all, is_needed=True),
        Field("direction", "Pfeil auf der Aufrufanzeige", kind="choice",
              options=chosen(DIRECTIONS)),
        Field("area", "Wartebereich", "Wenn es mehrere gibt."),
        Field("bookable", "Auch für Termine", kind="yes"),
        Field("spoken", "Gesprochen", "Nach „bitte“, zum Beispiel: zum Trausaal. Leer: der Name."),
    ],
    kind="counter", one="Schalter", can_grow=True,
    order_words="In dieser Reihenfolge stehen die Schalter zur Auswahl.",
)  # fmt: skip
PAGES = SetupPart(
    "pages", "Informationsseiten", "Für Aufrufanzeigen, die neben den Aufrufen informieren.",
    [
        Field("text", "Text", "Überschriften mit #, Listen mit -, **fett**.", "long"),
        Field("picture", "Oder ein Bild", "Name einer Datei neben config.toml."),
        Field("alt", "Was das Bild sagt", "Für alle, die es nicht sehen."),
        Field("from", "Erster Tag", kind="day"),
        Field("until", "Letzter Tag", kind="day"),
        Field("displays", "Anzeigen", "Keine heißt: alle.", "several", options=displays),
    ],
    kind="page", one="Seite", can_grow=True,
    order_words="In dieser Reihenfolge zeigt die Anzeige die Seiten.",
)  # fmt: skip
TICKETS = SetupPart(
    "tickets", "Nummernausgabe", "Wann keine Wartenummern mehr ausgegeben werden, und wie oft "
    "aufgerufen wird.",
    [
        Field("stop_before_close_minutes", "Minuten vor Schluss", "So lange vorher endet die "
              "Ausgabe.", "whole"),
        Field("forecast_stop", "Früher aufhören, wenn die Zeit nicht reicht", kind="yes"),
        Field("allowed_overtime_minutes", "Minuten nach Schluss", "So lange werden Wartende noch "
              "bedient.", "whole"),
        Field("calls_before_no_show", "Aufrufe, bis „nicht erschienen“ angeboten wird",
              kind="whole"),
        Field("recall_lock_seconds", "Sperre nach „nicht erschienen“ (Sekunden)", "Wer doch noch "
              "kommt, wird so lange übergangen, wenn andere warten.", "whole"),
    ],
    inner=("tickets",),
)  # fmt: skip
CHECKIN = SetupPart(
    "checkin", "Anmeldung zum Termin", "Wie früh und wie spät man sich anmelden kann.",
    [
        Field("early_minutes", "Minuten vor dem Termin", "So früh kann man sich anmelden.",
              "whole"),
        Field("grace_minutes", "Minuten, die noch als pünktlich zählen", "Wer später kommt, wird "
              "aufgerufen wie jemand ohne Termin.", "whole"),
        Field("late_until_minutes", "Minuten, bis der Termin verfällt", "Danach kann man "
              "sich nicht mehr anmelden.", "whole"),
    ],
    inner=("checkin",),
)  # fmt: skip
BOOKING = SetupPart(
    "booking", "Terminbuchung", "Wie weit voraus gebucht wird, und wie lange etwas gehalten wird.",
    [
        Field("horizon_days", "Tage im Voraus", "So weit voraus kann man buchen.", "whole"),
        Field("lead_minutes", "Minuten Vorlauf", "So lange vorher muss man spätestens buchen.",
              "whole"),
        Field("step_minutes", "Abstand der Uhrzeiten (Minuten)", "15 heißt: 8:00, 8:15, 8:30 Uhr "
              "und so weiter.", "whole"),
        Field("form_minutes", "Minuten für das Formular", "So lange ist die Uhrzeit vorgemerkt, "
              "während jemand Name und E-Mail-Adresse einträgt.", "whole"),
        Field("hold_minutes", "Minuten bis zur Bestätigung", "So lange halten wir sie dann, bis "
              "der Termin über den Link in der E-Mail bestätigt ist.", "whole"),
        Field("walk_in_share", "Anteil für Menschen ohne Termin", "0,4 heißt: vier von zehn "
              "Schaltern.", "number"),
        Field("open_per_address", "Offene Termine je E-Mail-Adresse", kind="whole"),
        Field("most_moves", "So oft darf man verschieben", "Das Amt darf es immer.", "whole"),
    ],
    inner=("booking",),
)  # fmt: skip
THEME = SetupPart(
    "theme", "Aussehen", "Name, Wappen und Farben auf der Aufrufanzeige.",
    [
        Field("name", "Name über dem Standort"),
        Field("crest", "Wappen", "Name einer Bilddatei neben config.toml."),
        Field("color", "Farbe des Kopfes", kind="color"),
        Field("accent", "Farbe eines neuen Aufrufs", kind="color"),
        Field("dark", "Heller Text auf dunklem Grund", kind="yes"),
    ],
    inner=("theme",),
)  # fmt: skip
DISPLAYS = SetupPart(
    "displays", "Aufrufanzeigen", "Name, Größe und Inhalt der Anzeigen.",
    [
        ID,
        Field("name", "Name"),
        Field("diagonal_inches", "Bildschirm (Zoll)", kind="number"),
        Field("distance_m", "Entfernung des letzten Stuhls (Meter)", kind="number"),
        Field("layout", "Inhalt", kind="choice", options=chosen(LAYOUTS)),
        Field("languages", "Gesprochene Sprachen", kind="several", options=spoken_languages),
        Field("voice", "Mit Stimme", kind="yes"),
    ],
    kind="display", one="Anzeige", can_grow=True,
)  # fmt: skip
KIOSKS = SetupPart(
    "kiosks", "Check-in-Terminals", "Name, Drucker und Kamera der Terminals.",
    [
        ID,
        Field("name", "Name"),
        Field("printer", "Drucker", "tcp://192.0.2.7:9100, usb://…, browser, oder leer.",
              is_for_admin=True),
        Field("print", "Zettel drucken", kind="choice", options=chosen(PRINTS)),
        Field("camera", "Mit Kamera", kind="yes"),
        Field("speech", "Kann vorlesen", kind="yes"),
    ],
    kind="kiosk", one="Terminal", can_grow=True,
)  # fmt: skip
PARTS = (HOURS, SPECIAL_DAYS, SERVICES, COUNTERS, SITE, PAGES, WORDS, OWN_WORDS, TICKETS,
         CHECKIN, BOOKING, THEME, DISPLAYS, KIOSKS)  # fmt: skip
PART_OF = {part.id: part for part in PARTS}
