"""Tasks import the engine one after another, whichever threads they start in."""

import threading
import time
from unittest.mock import patch

import core.cluster.run_tasks as tasks
import core.cluster.worker_imports as engine


def test_the_engine_is_imported_by_one_thread_at_a_time():
    inside, most, order = [0], [0], []

    def importing(name: str) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.005)
        inside[0] -= 1

    with patch.object(engine, "import_module", importing):
        threads = [threading.Thread(target=engine.with_engine(order.append), args=(index,))
                   for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1] and sorted(order) == list(range(8))


def test_a_task_keeps_its_name_so_that_workers_find_it():
    for task in (tasks.train, tasks.forget, tasks.prepare):
        assert getattr(tasks, task.__name__) is task and task.__module__ == "core.cluster.run_tasks"
