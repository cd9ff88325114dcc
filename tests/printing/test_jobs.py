"""What became of a slip is known to the page that waits for it."""

from __future__ import annotations

from queue_server.printing.jobs import KEPT, JobState, PrintJobs


def test_a_slip_is_under_way_until_it_is_printed_or_not():
    jobs = PrintJobs()
    seen = [jobs.state("one")]
    for printed in (True, False):
        jobs.begin("one")
        seen.append(jobs.state("one"))
        jobs.end("one", printed=printed)
        seen.append(jobs.state("one"))

    under_way = JobState.UNDER_WAY
    assert seen == [JobState.UNKNOWN, under_way, JobState.PRINTED, under_way, JobState.FAILED]


def test_the_oldest_slips_are_forgotten():
    jobs = PrintJobs()
    for number in range(KEPT + 1):
        jobs.begin(str(number))
    jobs.end("0", printed=True)

    assert jobs.state("0") is JobState.UNKNOWN
    assert jobs.state("1") is JobState.UNDER_WAY
