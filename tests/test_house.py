"""The code itself: imports run downhill, functions and files stay small, time is an argument."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = ("queue_server", "display", "kiosk")
FLOORS = {
    1: ["domain", "version"],
    2: [
        "store",
        "settings",
        "printing",
        "scanning",
        "opening",
        "qr",
        "languages",
        "voice",
        "garbage",
        "german_holidays",
    ],
    3: ["forecast", "history"],
    4: ["actions", "queries", "simulation", "mail", "push", "webhooks", "web"],
    5: ["realtime", "api", "desk", "booking", "office", "embed", "display", "kiosk"],
    6: [
        "app",
        "serving_app",
        "other_servers",
        "webhook_rounds",
        "push_rounds",
        "rounds",
        "backup_rounds",
        "night_rounds",
        "stop_rounds",
        "native_threads",
        "web_worker",
        "cooperative",
        "supervisor",
        "commands",
        "demo",
        "__main__",
        "",
    ],
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
# Neighbours on one floor do not know each other, with these exceptions and in this direction:
# the web room shows what actions and queries return and hands out the key for messages to phones,
# which say what a query has found; a printer's address stands in config.toml, the
# database knows which days are special, and paper shows QR codes.
MAY_VISIT = {
    *(("web", "actions"), ("web", "queries"), ("web", "push"), ("push", "queries")),
    *(("settings", "printing"), ("opening", "store"), ("printing", "qr")),
    *(("opening", "german_holidays"), ("languages", "german_holidays")),
}
LONGEST_FILE, LONGEST_FUNCTION = 300, 25
# A migration that has landed is never edited, so its length is nobody's concern any more.
MIGRATIONS = "queue_server/store/migrations/"
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX))\s",
    re.DOTALL,
)
OUTSIDE_WORLD = {
    *("asyncio", "io", "logging", "os", "pathlib", "shutil", "socket", "sqlite3", "subprocess"),
    *("sys", "tempfile", "threading", "time", "urllib"),
}
TESTED_BY_NAME = ("domain", "store")
OURS_AT = ROOT / "queue_server"
# Modules that one test file looks at together.
TESTED_WITH = {
    **{"call_checks": "audit", "event": "events", "desk_rules": "site"},
    **dict.fromkeys(("office_events", "undone_events"), "events"),
    "sqlite": "transaction",
    "waiting_room": "waiting_room_life",
    # What they are for is only seen with several processes or broken files.
    **dict.fromkeys(("restoring", "files"), "faults/test_restore"),
    **dict.fromkeys(("connecting", "upgrading"), "faults/test_many_processes"),
    **dict.fromkeys(("database_address", "engines"), "postgres/test_engine"),
}
FILES = sorted(path for part in OURS for path in (ROOT / part).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def room_of(module: str) -> str:
    """`queue_server.store.tickets` stands in `store`, `kiosk.pages` in `kiosk`."""
    first, *rest = module.split(".")
    return first if first != "queue_server" else (rest or [""])[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that this file imports, wherever in the file the import stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative imports hide the floor"
            module = node.module or ""
            # `from queue_server import web` names the room in its list.
            yield from (
                (f"{module}.{alias.name}" for alias in node.names)
                if module == "queue_server"
                else [module]
            )


def floor_of(path: Path) -> int:
    return FLOOR_OF.get(room_of(module_of(path)), 0)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function with the lines of its body, signature and docstring not counted."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{name_of(path)}:{node.lineno} {node.name}", lines


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string that is not a docstring or a lonely comment."""
    tree = tree_of(path)
    lonely = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in lonely
        ):
            yield node.lineno, node.value


# -- floors ----------------------------------------------------------------------------------


def test_every_module_stands_on_a_floor():
    assert [name_of(path) for path in FILES if not floor_of(path)] == []


def test_imports_run_downhill_and_never_to_a_neighbour():
    uphill = {name_of(path): rooms for path in FILES if (rooms := rooms_not_below(path))}

    assert uphill == {}


def rooms_not_below(path: Path) -> set[str]:
    """The rooms that this file must not know and imports all the same."""
    here, floor = room_of(module_of(path)), floor_of(path)
    if floor == max(FLOORS):
        return set()
    rooms = {room_of(module) for module in imports(path) if module.split(".")[0] in OURS}
    return {
        room for room in rooms - {here} if FLOOR_OF[room] >= floor and (here, room) not in MAY_VISIT
    }


def test_the_domain_knows_the_standard_library_and_itself_and_no_outside_world():
    allowed = {*sys.stdlib_module_names, "queue_server"} - OUTSIDE_WORLD
    domain = [path for path in FILES if floor_of(path) == 1]

    foreign = {name_of(p): {m.split(".")[0] for m in imports(p)} - allowed for p in domain}

    assert {name: modules for name, modules in foreign.items() if modules} == {}


def test_below_the_web_nobody_knows_the_web():
    web = {"flask", "flask_socketio", "werkzeug", "jinja2", "socketio", "engineio", "gevent"}
    # Letters are written from templates, too; a template engine alone knows of no web.
    may_know = {"mail": {"jinja2"}}
    below = [path for path in FILES if floor_of(path) <= 4 and room_of(module_of(path)) != "web"]

    known = {name_of(p): web & {m.split(".")[0] for m in imports(p)} for p in below}
    allowed = {name_of(p): may_know.get(room_of(module_of(p)), set()) for p in below}
    assert [name for name, found in known.items() if found - allowed[name]] == []


def test_the_product_never_imports_its_tests():
    tools = {"tests", "pytest", "hypothesis", "unittest"}

    assert [name_of(p) for p in FILES if tools & {m.split(".")[0] for m in imports(p)}] == []


# -- time, SQL, states -----------------------------------------------------------------------


def test_below_the_pages_time_is_an_argument():
    """Only the app context and the command line look at the clock; all others are told."""
    asks = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(")
    found = [
        f"{name_of(path)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if asks.search(line) and floor_of(path) < 6
    ]

    assert [place.split(":")[0] for place in found] == ["queue_server/web/app_context.py"]


def test_sql_stands_in_store_and_queries_only():
    outside = [path for path in FILES if room_of(module_of(path)) not in ("store", "queries")]
    found = [
        f"{name_of(path)}:{line}"
        for path in outside
        for line, text in texts(path)
        if SQL.match(text)
    ]

    assert found == []


def test_nobody_compares_a_state_with_a_raw_string():
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Compare)
        and any(map(is_state, [node.left, *node.comparators]))
        and any(map(is_text, [node.left, *node.comparators]))
    ]

    assert found == []


def is_state(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "state"


def is_text(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts)


# -- sizes and manners -------------------------------------------------------------------------


def test_files_stay_short():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in FILES}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_stay_short():
    long = {
        place: lines
        for path in FILES
        if not name_of(path).startswith(MIGRATIONS)
        for place, lines in functions(path)
        if lines > LONGEST_FUNCTION
    }

    assert long == {}


def test_every_module_says_what_it_is():
    assert [name_of(path) for path in FILES if not ast.get_docstring(tree_of(path))] == []


def test_every_module_of_domain_and_store_is_tested_where_one_looks_for_it():
    modules = [path for room in TESTED_BY_NAME for path in (OURS_AT / room).glob("[!_]*.py")]
    missing = [name_of(path) for path in modules if not its_test(path).is_file()]

    assert sorted(missing) == []


def its_test(path: Path) -> Path:
    room, stem = path.parent.name, path.stem
    name = TESTED_WITH.get(f"{room}/{stem}") or TESTED_WITH.get(stem, stem)
    place = name if "/" in name else f"{path.parent.name}/test_{name}"
    return ROOT / "tests" / f"{place}.py"


def test_the_server_goes_without_numpy():
    # It would cost every serving process ten megabytes, and nothing of ours needs it.
    loaded = "import sys, queue_server.serving_app; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT).returncode == 0
