"""Every fault that the product is hurt with, and the test that does it.

docs/reliability.md is made of this and of what `make faults` saw; `test_reliability.py` keeps both
together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`done` is what is done to the product, `test` who does it and checks what must hold."""

    name: str
    done: str
    test: str


FAULTS = (
    Fault(
        "kill -9 under load",
        "Seven people draw, check in, book, move, confirm, call and serve at once; in the middle "
        "all processes are killed. Every answer was logged by who got it, and whoever got none "
        "asks again. A wall in a real browser watches all rounds.",
        "tests/faults/test_kill_rounds.py::"
        "test_all_that_was_answered_survives_every_kill_and_the_wall_is_right_again",
    ),
    Fault(
        "power loss under load",
        "The same people; the data lies on a file system of its own (FUSE) that forgets whatever "
        "was not synced. In turns all of it is lost, or any sectors of it have arrived.",
        "tests/faults/test_power_loss.py::"
        "test_all_that_was_answered_survives_the_loss_of_everything_that_was_not_synced",
    ),
    Fault(
        "that disk itself",
        "A database that syncs and one that does not: the disk must keep the one and forget the "
        "other, else the rounds above prove nothing.",
        "tests/faults/test_power_loss.py::"
        "test_that_disk_forgets_what_was_not_synced_and_keeps_what_was",
    ),
    Fault(
        "disk full, disk read-only",
        "The disk takes nothing more, or lets nothing be changed, while the server runs; then it "
        "is well again.",
        "tests/faults/test_bad_disk.py::"
        "test_nothing_is_written_everything_read_and_then_work_goes_on",
    ),
    Fault(
        "disk gone",
        "The file system disappears under the running server.",
        "tests/faults/test_bad_disk.py::"
        "test_a_disk_that_is_gone_is_said_by_readers_and_writers_and_nobody_says_otherwise",
    ),
    Fault(
        "disk full, with the log on it",
        "Twelve draw at once, three times, on a disk that also takes no line of log.",
        "tests/faults/test_full_disk.py::"
        "test_writers_are_refused_readers_served_and_then_work_goes_on",
    ),
    Fault(
        "clock set by an hour",
        "Back and ahead and right again, with a wall and two clerks connected.",
        "tests/faults/test_clock.py::test_numbers_calls_boards_and_sessions_stay_right",
    ),
    Fault(
        "both nights in which the clocks change",
        "The server runs through the hour that is missing and the hour that comes twice, with a "
        "wall and a clerk connected.",
        "tests/faults/test_clock_nights.py::test_numbers_calls_and_sockets_go_on_through_the_night",
    ),
    Fault(
        "mail server that hangs",
        "It takes the connection and says nothing, while people draw and are called.",
        "tests/mail/test_live.py::test_a_mail_server_that_hangs_is_not_felt_by_anybody_else",
    ),
    Fault(
        "mail server that drips",
        "A byte now and then, and never the end of a line.",
        "tests/faults/test_dripping_mail.py::test_a_letter_is_given_back_when_an_answer_never_ends",
    ),
    Fault(
        "printer that hangs",
        "It takes the slip, prints nothing and answers nothing.",
        "tests/browser/test_kiosk_paper.py::"
        "test_a_printer_that_hangs_holds_up_nobody_and_is_said_on_the_open_page",
    ),
    Fault(
        "sockets that vanish",
        "Phones follow their numbers from another network; then that network is cut off without a "
        "word.",
        "tests/faults/test_half_open.py::"
        "test_sockets_that_vanished_delay_no_wall_and_are_forgotten",
    ),
    Fault(
        "a bad network",
        "Kiosk and wall run in a browser in one network, the server in another; the line between "
        "loses 5 % of all packets and delays each by 200 ms in each direction; then it is cut.",
        "tests/faults/test_bad_line.py::"
        "test_each_number_is_drawn_once_and_each_call_shown_and_rung_once_also_after_a_cut",
    ),
    Fault(
        "a wall that sleeps",
        "The page is frozen while calls come and go, and wakes later.",
        "tests/browser/test_wall_rooms.py::test_a_wall_that_slept_shows_what_is_true_when_it_wakes",
    ),
    Fault(
        "config.toml changed under way",
        "By hand and on the office page, with a wall connected and numbers being drawn.",
        "tests/server/test_settings_anew.py::"
        "test_changes_by_hand_and_page_show_at_the_kiosk_and_the_wall_stays_connected",
    ),
    Fault(
        "a program that never lets go of the database",
        "Eight draw while another program holds the write lock.",
        "tests/faults/test_many_processes.py::"
        "test_a_program_that_never_lets_go_costs_everybody_in_line_the_same_few_seconds",
    ),
    Fault(
        "one of two servers falls under load",
        "Two servers on one PostgreSQL behind a proxy, with the same seven people and a wall in a "
        "real browser: the first is killed, people and wall go on at the second, and that is "
        "killed, too.",
        "tests/several_servers/test_fallen_server.py::"
        "test_what_was_answered_is_there_once_and_the_wall_goes_on_at_the_other_server",
    ),
    Fault(
        "the line between two servers cut",
        "The connections on which both hear of each other are ended; then somebody is called at "
        "one, with a wall at the other.",
        "tests/several_servers/test_one_office.py::"
        "test_without_the_line_between_them_calls_go_on_and_walls_follow",
    ),
    Fault(
        "the database of two servers away and back",
        "Every connection to PostgreSQL is ended and none let in while both servers are asked and "
        "a clerk calls; then it is there again.",
        "tests/several_servers/test_one_office.py::"
        "test_while_the_database_is_away_everybody_is_refused_and_then_it_goes_on",
    ),
)
# Run by `make faults` beside tests/faults and tests/attack.
ELSEWHERE = [
    fault.test for fault in FAULTS if not fault.test.startswith(("tests/faults/", "tests/attack/"))
]


if __name__ == "__main__":
    print(*ELSEWHERE)
