"""Fair share: whose run may begin while others go on."""

from core.commands import Controls
from core.config import RunConfig
from core.datasets.table import Table, read_table
from core.queue import Job, Queue, reserve
from core.run import Run
from core.settings import Settings

THREADS = 10
LONG, SHORT = RunConfig(epochs=1000), RunConfig(epochs=2)


def add(queue: Queue, owner: str, config: RunConfig, table: Table | None = None) -> Job:
    job = Job(Run(f"{owner}-{len(list(queue))}", owner, config, 0, Controls(), created=len(list(queue)),
                  table=table))
    queue.add(job)
    return job


def test_a_newcomer_begins_at_once_however_many_long_runs_one_learner_has():
    queue = Queue(Settings(workers=1, threads=THREADS))
    long = [add(queue, "ann", LONG) for _ in range(5)]
    queue.turn(THREADS)
    newcomer = add(queue, "bob", SHORT)
    queue.turn(THREADS)
    assert newcomer.admitted
    assert [job.admitted for job in long] == [True, True, False, False, False]


def test_where_all_threads_are_taken_the_newcomer_is_next():
    room = THREADS - reserve(THREADS)
    queue = Queue(Settings(workers=1, threads=THREADS))
    for number in range(room // 2):
        for _ in range(3):
            add(queue, f"learner {number}", LONG)
    queue.turn(THREADS)
    running = [job for job in queue if job.admitted]
    assert len(running) == room // 2 * 2
    while room > len([job for job in queue if job.admitted]):  # an odd thread
        add(queue, "odd", LONG)
        queue.turn(THREADS)
    newcomer = add(queue, "bob", SHORT)
    queue.turn(THREADS)
    assert (newcomer.admitted, newcomer.run.place) == (False, 1)
    running[0].admitted, running[0].run.status = False, "finished"
    queue.turn(THREADS)
    assert newcomer.admitted


def test_runs_of_a_learners_tables_make_room_for_another_table():
    tables = [read_table(f"a,b\n1,{number}\n".encode(), "t.csv") for number in range(4)]
    most = 2 * tables[0].nbytes
    queue = Queue(Settings(workers=1, threads=THREADS, max_upload_bytes_per_session=most))
    for table in (tables[0], tables[0], None, tables[1]):
        add(queue, "ann", SHORT, table).run.status = "finished"
    add(queue, "bob", SHORT, tables[2]).run.status = "finished"
    add(queue, "ann", SHORT, tables[1])
    assert len(queue.of("ann")) == 5, "two tables are within the limit, however many runs they have"
    add(queue, "ann", SHORT, tables[3])
    assert [job.run.table for job in queue.of("ann")] == [None, tables[1], tables[1], tables[3]]
    assert len(queue.of("bob")) == 1
