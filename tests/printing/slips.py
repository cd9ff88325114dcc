"""A slip in each of the ten languages, with the letters that make them hard to print."""

from __future__ import annotations

from queue_server.printing import Slip

FOLLOW = "https://termine.musterstadt.example/t/abcDEFghiJKLmnoPQRstuV"
WORDS = {
    "de": ("Ihre Nummer", "Wohnsitz anmelden", "6 Personen sind vor Ihnen.", "Mit dem Handy"),
    "de-x-leicht": ("Ihre Nummer", "Wohnsitz an-melden", "Vor Ihnen: 6 Menschen.", "Mit Handy"),
    "en": ("Your number", "Register your address", "6 people are ahead of you.", "Follow"),
    "tr": ("Sıra numaranız", "İkametgâh kaydı", "Önünüzde 6 kişi var.", "Telefonda izleyin"),
    "ar": ("رقمك", "تسجيل السكن", "أمامك 6 أشخاص.", "تابع رقمك على الهاتف"),
    "fa": ("شمارهٔ شما", "ثبت نشانی و گذرنامه", "۶ نفر جلوتر از شما هستند.", "پیگیری با تلفن"),
    "uk": ("Ваш номер", "Реєстрація місця проживання", "Перед вами 6 осіб, ґ є ї.", "На телефоні"),
    "ru": ("Ваш номер", "Регистрация по месту жительства", "Перед вами 6 человек.", "На телефоне"),
    "pl": ("Twój numer", "Zameldowanie", "Przed Tobą 6 osób – chwilę, łąka.", "Śledź w telefonie"),
    "ro": ("Numărul dumneavoastră", "Înregistrarea domiciliului", "6 persoane în față, ș ț.", "Pe"),
}


def slip_in(language: str) -> Slip:
    caption, concern, ahead, follow = WORDS[language]
    return Slip(
        "Bürgerbüro Rathaus", "M 042", caption, (concern,), ("10:35", ahead), FOLLOW, follow,
        ("Marktplatz 1, 24000 Musterstadt",),
    )  # fmt: skip
