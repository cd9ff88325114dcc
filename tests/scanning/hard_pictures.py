"""The project's own set of hard pictures: phones, letters and printouts as cameras see them.

Made by the package `studio`, the same every time, with Pillow alone. Each picture is one line that
says what is held and what is wrong. All of them must be read; how long that takes and how many are
read when the dice fall otherwise is measured by `python -m bench.pictures`.
"""

from __future__ import annotations

from functools import partial

from tests.scanning.studio.film import phone_video_frames
from tests.scanning.studio.geometry import Held
from tests.scanning.studio.mishaps import (
    defocused,
    dim,
    flickering,
    glare,
    grainy,
    mirrored,
    moire,
    overexposed,
    shadowed,
    shaken,
)
from tests.scanning.studio.props import letter, phone, poster, printout
from tests.scanning.studio.shot import FULL_HD, HD, TALL, VGA, Beside, Shot
from tests.scanning.studio.wear import (
    covered,
    cracked,
    crumpled,
    curled,
    folded,
    smeared,
    worn,
)

__all__ = ["HARD_PICTURES", "phone_video_frames"]

LINK = "https://termine.musterstadt.de/termin#K7Q-M4T-XA9"
OTHER_LINK = "https://termin.rathaus-nordend.de/termin#XAD-RJX-HQJ"
BARE = "4Q7-GHG-PA6"
WIFI = "WIFI:T:WPA;S:Rathaus-Gast;P:willkommen;;"
SHOP = "https://shop.example/angebot?id=4711"

bright = phone
dark_page = partial(phone, dark=True, hand=1)
inverted = partial(phone, inverted=True, hand=2)
tiny = partial(phone, small=True, hand=3)
wifi_poster = partial(poster, title="Gratis WLAN")
shop_poster = partial(poster, title="20 % Rabatt")
large_letter = partial(letter, scale=8)

ANGLES = [
    Shot("angle", "a phone tipped back by 68 degrees", LINK, bright, Held(1.4, tip=68), HD),
    Shot("angle", "a phone swung by 68 degrees", LINK, bright, Held(1.4, 8, swing=68), HD),
    Shot("angle", "a phone on its head and askew", LINK, bright, Held(1.2, 171, 52, -48)),
    Shot("angle", "a phone held sideways", OTHER_LINK, bright, Held(1.3, 90, -45, 35), HD),
    Shot("angle", "a letter lying on the shelf", LINK, large_letter, Held(1.3, -20, 65), FULL_HD),
    Shot("angle", "a bare code seen very flat", BARE, printout, Held(1.0, 30, 66), HD),
    Shot("angle", "a phone turned by 45 degrees", BARE, bright, Held(1.1, 45, 40, 48), VGA),
    Shot("angle", "a letter turned and swung", LINK, letter, Held(1.2, -133, 35, 58), TALL),
]

SOFT = [
    Shot("defocus", "a phone too close to focus", LINK, bright, Held(1.6, 12),
         HD, mishaps=(defocused(5.4),)),
    Shot("defocus", "a letter out of focus", LINK, large_letter, Held(1.2, -8, 15),
         TALL, mishaps=(defocused(5.8),)),
    Shot("defocus", "a bare code in a blur", BARE, bright, Held(1.2, 25, 10, 15),
         VGA, mishaps=(defocused(2.2),)),
    Shot("defocus", "a dark screen out of focus", LINK, inverted, Held(1.3, -20),
         mishaps=(defocused(4), grainy(10))),
    Shot("shake", "a phone that moved sideways", LINK, bright, Held(1.4, 4),
         mishaps=(shaken(11, 1),)),
    Shot("shake", "a phone that moved up", LINK, bright, Held(1.4, -9, 20),
         mishaps=(shaken(1, 11),)),
    Shot("shake", "a letter that moved aslant", OTHER_LINK, large_letter, Held(1.3, 15),
         TALL, mishaps=(shaken(11, 10),)),
    Shot("shake", "a printout in a trembling hand", LINK, printout, Held(0.95, 33, 10, 20),
         mishaps=(shaken(8, -8), grainy(16))),
]  # fmt: skip

LIGHTS = [
    Shot("glare", "a phone under a lamp", LINK, bright, Held(1.3, 10),
         mishaps=(glare((0.5, 0.5), 0.8, 215),)),
    Shot("glare", "a phone with a streak of light", LINK, bright, Held(1.3, -15, 20),
         mishaps=(glare((0.45, 0.5), 0.45, 200, streak=2),)),
    Shot("glare", "a phone with a lamp on a corner mark", LINK, bright, Held(1.3, 30, 10, 20),
         mishaps=(glare((0.1, 0.1), 0.5, 165),)),
    Shot("glare", "a glossy letter below a lamp", LINK, large_letter, Held(1.3, -12, 25),
         TALL, mishaps=(glare((0.7, 0.4), 0.7, 155, streak=2.5),)),
    Shot("glare", "a dark page with a bright spot", BARE, dark_page, Held(1.2, 160, 20),
         VGA, mishaps=(glare((0.6, 0.6), 0.35, 240),)),
    Shot("mirror", "a phone that mirrors a window", LINK, bright, Held(1.3, 12, 10),
         mishaps=(mirrored(0.85),)),
    Shot("mirror", "an inverted screen that mirrors a window", LINK, inverted, Held(1.3, -25),
         mishaps=(mirrored(0.8),)),
    Shot("shadow", "a phone with a hard shadow", LINK, bright, Held(1.2, 20, 15),
         mishaps=(shadowed((0.3, 0.8), 0.06, 0.01),)),
    Shot("shadow", "a letter half in the dark", LINK, letter, Held(1.3, -10, 20),
         TALL, mishaps=(shadowed((0.9, 0.2), 0.08), grainy(10))),
    Shot("shadow", "a folded printout in a shadow", LINK, printout, Held(0.9, 14),
         wear=(folded(6, 0.35, (0.5, 0.63)),), mishaps=(shadowed((0.1, 0.9), 0.3),)),
    Shot("overexposed", "a screen far too bright", LINK, bright, Held(1.2, -32, 20),
         mishaps=(overexposed(3.2, 9),)),
    Shot("overexposed", "a bright screen out of focus", LINK, bright, Held(1.3, 8, -20),
         mishaps=(overexposed(2.4, 7), defocused(3.5))),
]  # fmt: skip

SCREENS = [
    Shot("moire", "fine waves on a phone", LINK, bright, Held(1.3, 3),
         mishaps=(moire(1.15, 0.9),)),
    Shot("moire", "wide waves on a phone", LINK, bright, Held(1.3, 1),
         mishaps=(moire(2.06, 0.9), grainy(12))),
    Shot("moire", "waves on a tipped phone", LINK, bright, Held(1.3, 12, 28, 12),
         mishaps=(moire(1.6, 1.0), grainy(16))),
    Shot("moire", "coarse pixels of an old phone", LINK, bright, Held(1.3, 24),
         mishaps=(moire(2.5, 1.0), grainy(20))),
    Shot("moire", "waves on a phone far away", LINK, bright, Held(0.8, 8, 10),
         mishaps=(moire(1.4, 0.8),)),
    Shot("moire", "waves on an inverted screen", BARE, inverted, Held(1.1, 8, 10),
         VGA, mishaps=(moire(1.7, 0.9), grainy(12))),
    Shot("flicker", "a dimmed screen with dark bands", LINK, bright, Held(1.3, 90, 10),
         mishaps=(flickering(3.5, 0.6),)),
    Shot("flicker", "narrow bands on a phone", LINK, bright, Held(1.3, 13),
         mishaps=(flickering(5, 0.62),)),
    Shot("flicker", "wide bands on a dark page", LINK, dark_page, Held(1.3, -40, 15),
         mishaps=(flickering(2, 0.8), grainy(10))),
    Shot("dark mode", "an inverted screen at an angle", LINK, inverted, Held(1.2, 50, 45, -48)),
    Shot("dark mode", "a dark page, grainy and slanted", OTHER_LINK, dark_page,
         Held(1.2, -60, 35, 48), mishaps=(grainy(100),)),
    Shot("dark mode", "an inverted screen in the dark", LINK, inverted, Held(1.2, 10, 10, 10),
         mishaps=(dim(8, 36), grainy(14)), quality=60),
]  # fmt: skip

DIM = [
    Shot("dim", "a screen at its lowest light", LINK, bright, Held(1.2, -7, 20),
         mishaps=(dim(16, 38), grainy(12))),
    Shot("dim", "a screen at its lowest light, compressed", LINK, bright, Held(1.3, 18),
         mishaps=(dim(18, 36), grainy(10)), quality=35),
    Shot("dim", "a pale printout", LINK, printout, Held(0.9, -25, 25),
         mishaps=(dim(150, 170), grainy(14))),
    Shot("dim", "a letter in a dark corner", LINK, large_letter, Held(1.3, 12),
         TALL, mishaps=(dim(10, 26), grainy(14))),
    Shot("dim", "a dim phone that moved", BARE, bright, Held(1.2, 31),
         mishaps=(dim(20, 60), shaken(7, 2), grainy(14))),
    Shot("jpeg", "a picture sent through a messenger", LINK, bright, Held(0.8, 21, 20),
         quality=5),
    Shot("jpeg", "a letter squeezed to nothing", LINK, large_letter, Held(1.3, -17),
         HD, quality=4),
]  # fmt: skip

GLASS = [
    Shot("cracks", "a phone with a cobweb of cracks", LINK, bright, Held(1.4, 12),
         HD, wear=(cracked(7, 1.8),)),
    Shot("cracks", "cracks from a corner mark", LINK, bright, Held(1.4, -20, 10),
         HD, wear=(cracked(7, 1.9, (0.12, 0.12)),)),
    Shot("cracks", "cracks from below the code", BARE, bright, Held(1.3, 40, 20),
         wear=(cracked(10, 2.4, (0.5, 0.9)),)),
    Shot("cracks", "cracks on an inverted screen", LINK, inverted, Held(1.4, 170),
         HD, wear=(cracked(8, 1.9, (0.7, 0.4)),)),
    Shot("cracks", "cracks and a blur", LINK, bright, Held(1.4, -5, 15),
         HD, wear=(cracked(6, 1.8, (0.4, 0.6)),), mishaps=(defocused(1.9),)),
    Shot("cracks", "cracks below a lamp", LINK, bright, Held(1.4, 28),
         HD, wear=(cracked(8, 2.0, (0.6, 0.6)),), mishaps=(glare((0.3, 0.6), 0.4, 160),)),
    Shot("smear", "a greasy thumb on the glass", LINK, bright, Held(1.2, 16),
         wear=(smeared((0.5, 0.45), 0.28, 6),)),
    Shot("smear", "a wet patch on a letter", LINK, large_letter, Held(1.3, 9, 15),
         TALL, wear=(smeared((0.6, 0.6), 0.36, 5),)),
    Shot("covered", "a finger on the corner without a mark", LINK, bright, Held(1.2, 20),
         wear=(covered((1.0, 1.0), 0.34),)),
    Shot("covered", "a finger at the edge", LINK, printout, Held(0.9, -60, 25),
         wear=(covered((1.02, 0.55), 0.24),)),
]  # fmt: skip

PAPER = [
    Shot("folds", "a printout folded twice", LINK, printout, Held(0.9, 8),
         wear=(folded(9, 0.35),)),
    Shot("folds", "a printout folded twice, still standing up", LINK, printout,
         Held(0.9, -24, 20), wear=(folded(11, 0.5, (0.6, 0.4)),)),
    Shot("folds", "a letter folded through the code", LINK, large_letter, Held(1.3, 10, 15),
         TALL, wear=(folded(7, 0.4, (0.5, 0.3)),)),
    Shot("folds", "a folded bare code", BARE, printout, Held(0.9, 100, 25),
         wear=(folded(12, 0.5),)),
    Shot("folds", "a folded printout, soft and grainy", LINK, printout, Held(0.9, 14, 10),
         wear=(folded(9, 0.3, (0.35, 0.7)),), mishaps=(defocused(1.4), grainy(14)), quality=60),
    Shot("crumpled", "a printout from a trouser pocket", LINK, printout, Held(0.9, 17),
         wear=(crumpled(9, 0.45),)),
    Shot("crumpled", "a crumpled letter", LINK, large_letter, Held(1.3, -8, 10),
         TALL, wear=(crumpled(11, 0.45, 9),)),
    Shot("crumpled", "a crumpled printout in poor light", OTHER_LINK, printout,
         Held(0.9, 130, 15), wear=(crumpled(7.5, 0.5),), mishaps=(dim(20, 110), grainy(12))),
    Shot("curled", "a rolled-up printout", LINK, printout, Held(0.9, 7),
         wear=(curled(17),)),
    Shot("curled", "a rolled-up printout on its side", LINK, printout, Held(0.9, 95, 15),
         wear=(curled(15),), mishaps=(shadowed((0.2, 0.7), 0.5),)),
    Shot("worn", "a printer short of toner", LINK, printout, Held(0.9, 36),
         wear=(worn(220, 4),)),
    Shot("worn", "a dirty old printout", LINK, printout, Held(0.9, -14, 20),
         wear=(worn(300, 3.4, 6),), mishaps=(grainy(20),)),
]  # fmt: skip

FAR = [
    Shot("far", "a phone at arm's length from a small camera", BARE, bright, Held(0.42, 11),
         VGA, mishaps=(grainy(14),)),
    Shot("far", "a small code on a phone", LINK, tiny, Held(0.9, -16, 10), HD,
         mishaps=(defocused(0.8),)),
    Shot("far", "a phone at the other end of the room", LINK, bright, Held(0.28, 5, at=(0.7, 0.6)),
         (1512, 2016), mishaps=(defocused(1), grainy(12))),
    Shot("far", "a letter on the wall behind", LINK, letter, Held(0.42, -6, at=(0.3, 0.45)),
         FULL_HD),
    Shot("large", "a phone picture of seven megapixels", LINK, bright, Held(0.6, 33, 20, 25),
         (2250, 3000), mishaps=(defocused(6), shaken(11, 5))),
    Shot("large", "a letter in a large picture", LINK, letter, Held(0.75, -4, 15),
         (2400, 1800), wear=(folded(4, 0.3),)),
]  # fmt: skip

SEVERAL = [
    Shot("several", "a phone before a poster with a clear code", LINK, bright,
         Held(1.1, 8, at=(0.34, 0.5)), HD, wear=(cracked(7, 2.0),),
         beside=(Beside(wifi_poster, WIFI, Held(0.7, at=(0.82, 0.4))),)),
    Shot("several", "a folded printout between two posters", LINK, printout,
         Held(0.75, 10, 15), FULL_HD, wear=(folded(10, 0.4),),
         beside=(Beside(wifi_poster, WIFI, Held(0.6, at=(0.12, 0.4))),
                 Beside(shop_poster, SHOP, Held(0.6, at=(0.87, 0.4))))),
    Shot("several", "an inverted phone beside a shop's code", LINK, inverted,
         Held(1.1, -12, 20, at=(0.62, 0.5)), HD, mishaps=(defocused(3),),
         beside=(Beside(shop_poster, SHOP, Held(0.65, 3, at=(0.16, 0.4))),)),
    Shot("several", "a small code beside a large one", BARE, tiny,
         Held(0.74, 14, at=(0.74, 0.5)), HD, mishaps=(grainy(25),),
         beside=(Beside(wifi_poster, WIFI, Held(1.0, -3, at=(0.25, 0.5))),)),
]  # fmt: skip

TOGETHER = [
    Shot("together", "a cracked phone with waves and a lamp", LINK, bright, Held(1.4, 9, 10),
         HD, wear=(cracked(6, 1.6),), mishaps=(moire(1.9, 0.4), glare((0.2, 0.9), 0.4, 110),
                                                grainy(12)), quality=60),
    Shot("together", "a tipped phone, moving and dim", LINK, bright, Held(1.3, 23, 35, 15),
         mishaps=(shaken(5, 4), dim(20, 80), grainy(14)), quality=60),
    Shot("together", "a worn and crumpled printout in a shadow", LINK, printout,
         Held(0.95, -13, 15), wear=(worn(60, 3, 1), crumpled(5, 0.3)),
         mishaps=(shadowed((0.2, 0.8), 0.45), defocused(1.2), grainy(12)), quality=65),
    Shot("together", "an inverted screen with glare and waves", LINK, inverted, Held(1.3, 15, 20),
         HD, mishaps=(moire(2.2, 0.7), glare((0.7, 0.3), 0.4, 150), shaken(6, 3))),
    Shot("together", "a curled letter out of focus in a lamp's light", LINK, large_letter,
         Held(1.3, -9, 10), TALL, wear=(curled(18),),
         mishaps=(glare((0.6, 0.5), 0.8, 120), defocused(3))),
    Shot("together", "a far phone, dim and compressed", BARE, bright, Held(0.9, 27, 15, 20),
         VGA, mishaps=(dim(20, 120), defocused(1.2), grainy(10)), quality=55),
]  # fmt: skip

HARD_PICTURES = [
    *(*ANGLES, *SOFT, *LIGHTS, *SCREENS, *DIM),
    *(*GLASS, *PAPER, *FAR, *SEVERAL, *TOGETHER),
]
