"""The words of the guides. In front of a line stands a key of the desk by its name, or a number.

What stands in braces comes from the running configuration (`guide_texts.py`).
"""

from __future__ import annotations

Lines = tuple[tuple[str, str], ...]
Page = tuple[tuple[str, Lines], ...]

HELP: Lines = (
    (
        "",
        "Strg + Umschalt + Leertaste ruft still um Hilfe: Ihre Kolleginnen und Kollegen sehen Ihren"
        " Schalter. Kein Ersatz für eine Alarmanlage.",
    ),
)
CLERK: Page = (
    (
        "Ein Besuch",
        (
            ("1", "{desk} öffnen und sich anmelden."),
            ("2", "{place} wählen, „Schalter öffnen“ drücken."),
            ("next", "Nächste Person aufrufen. Anzeige und Gong folgen sofort."),
            ("arrived", "Die Person ist da: Die Bearbeitung beginnt."),
            ("finish_next", "Fertig: abschließen und die nächste Person aufrufen."),
            ("finish", "Fertig, aber noch niemanden aufrufen."),
            ("missing", "Fertig, aber Unterlagen fehlten: ankreuzen, welche."),
            ("3", "Pause oder Feierabend: Schalter schließen, abmelden."),
        ),
    ),
    (
        "Wenn etwas anders ist",
        (
            ("recall", "Niemand kommt: noch einmal aufrufen."),
            ("no_show", "Immer noch niemand: nicht erschienen."),
            ("resume", "Die Person kommt doch noch: fortsetzen. Sie behält ihren Platz."),
            ("undo", "Das letzte „Nicht erschienen“ rückgängig machen."),
            ("release", "Versehentlich aufgerufen: Die Person wartet weiter."),
            ("park", "Foto oder Geld holen: parken, danach fortsetzen."),
            ("transfer", "An ein anderes Anliegen oder einen anderen Platz weiterleiten."),
            ("services", "Noch ein Anliegen hinzufügen."),
            ("file", "Die digitale Akte der Person öffnen."),
        ),
    ),
    (
        "Gut zu wissen",
        (*HELP, ("help", "zeigt alle Tasten. In Eingabefeldern tippen Sie ganz normal.")),
    ),
)
FRONT_DESK: Page = (
    (
        "Nummer ausgeben",
        (
            ("issue", "Anliegen suchen; auch die Mitte des Wortes genügt."),
            ("", "Vorrang nur mit Grund: {reasons}. Der Grund wird festgehalten."),
            ("stops", "Zu viele warten: Nummernausgabe anhalten oder öffnen."),
        ),
    ),
    (
        "Termin buchen, auch am Telefon",
        (
            ("book", "Anliegen und Uhrzeit wählen, Name eintragen, vorlesen, buchen."),
            ("", "Sagen Sie, welche Unterlagen die Person mitbringt."),
            ("", "Buchstabieren Sie den Termincode, wie er angezeigt wird."),
        ),
    ),
    (
        "Jemand hat einen Termin",
        (
            ("day", "Den Namen suchen und anmelden, wenn der Termincode fehlt."),
            ("", "Anmelden geht ab {early} Minuten vor dem Termin."),
            (
                "",
                "Wer mehr als {grace} Minuten zu spät kommt, wird wie ohne Termin aufgerufen.",
            ),
        ),
    ),
    ("Gut zu wissen", HELP),
)
KIOSK: Page = (
    (
        "Mit Termin",
        (
            ("1", "„Ich habe einen Termin“ antippen."),
            ("2", "{scan} den Termincode eintippen."),
            ("", "Das geht ab {early} Minuten vor dem Termin."),
            ("", "Kein Code dabei? Der Empfang findet den Termin mit dem Namen."),
        ),
    ),
    (
        "Ohne Termin",
        (
            ("1", "Bereich antippen, dann das Anliegen."),
            ("2", "Nummer merken oder Zettel mitnehmen und Platz nehmen."),
            (
                "",
                "Wer den QR-Code scannt, sieht die Wartezeit auf dem Handy und darf hinausgehen.",
            ),
        ),
    ),
    (
        "Es fällt jemandem schwer",
        (
            ("", "Unten am Bildschirm: tiefer, größer, Kontrast{read_aloud}."),
            ("", "Sprachen: {languages}."),
            ("", "Tippen Sie nur, wenn die Person darum bittet."),
        ),
    ),
    (
        "Es klemmt",
        (
            ("", "Kein Papier mehr: Die Nummer steht auf dem Bildschirm und gilt."),
            ("", "Nichts geht mehr: Der Empfang gibt Nummern von Hand aus."),
            ("", "Warum sind andere vorher dran? Auf dem Handy steht der Grund."),
        ),
    ),
)
