"""Everything that speaks Dask: queueing runs and studies, sending them to workers, receiving their messages.

The pages call `run_service.RunService`, `agent_service.AgentService` and `study_service.StudyService`. Below
them, for runs: `queue` decides who may start, `dispatcher` sends it, `run_tasks` or `agent_tasks` runs in the
worker, `retries` records what comes back. A lost worker is handled by `dispatcher`, `retries` and
`placement`; docs/design/lost-workers.md says how.

May import: studies, agents, metrics, runs, catalog, datasets; training only in the four files of tasks,
inside functions.

agent_service.py      `AgentService`: everything the pages can ask of runs of agents
agent_tasks.py        The task that workers run for agents
coalescing.py         Merges the events that pile up between two messages
compile_ahead.py      Compiles what a learner has chosen before Train is pressed, while nobody trains
connection.py         The thread and the lock through which the page server talks to the workers
dispatcher.py         Sends runs to workers, receives their events, and handles lost workers
ended_queries.py      Questions about ended runs, such as regions over other columns: one of a kind at a time
job.py                A run, plus what only the page server needs to know about it
long_queries.py       Questions that take a worker many seconds: learners take turns and can cancel
messages.py           The messages from workers, and the batching of events into few of them
network_questions.py  Questions about networks: of configs, ended runs, and weights set by hand
own_runs.py           `OwnRuns`: what both services of runs can be asked
payload.py            A config as it is sent to a worker, with the learner's own table if needed
placement.py          Which workers a run or group may use; after a loss, runs go on alone
queries.py            Short questions to a worker, and their answers: layer tables, saved models and so on
question_tasks.py     The tasks that answer questions: layer tables, decision regions, saved models and so on
queue.py              Decides which run may start next, and in which worker
retries.py            How events change a run, and how a run continues after it left its worker
run_service.py        `RunService`: everything the pages can ask of runs
run_tasks.py          The tasks that workers run: training, and preparing for it
study_job.py          A study in progress: the groups that wait for a worker, and those that train
study_queue.py        Decides which study goes next: learners take turns, within the limit per address
study_service.py      `StudyService`: starts, follows and stops studies
study_tasks.py        The task that workers run for a study: training one group of its members
worker_imports.py     Imports Keras, JAX and the rest in a worker, once and from a single thread
worker_preload.py     Prepares a `dask worker` before it joins: JAX, cache folders, imports
worker_process.py     One `dask worker` child process: started, restarted when it dies, and ended
workers.py            Starts the scheduler and the worker processes, or joins an existing cluster
"""
