"""Freed memory is kept, so the system is not asked for the same pages again and again."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
import numpy as np
from core.training.malloc import trim_memory, retain_memory
if sys.argv[1] == "kept":
    retain_memory()
def work():
    np.ones(20 * 2**20, np.uint8)  # 5120 pages, freed at once
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
trim_memory()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_freed_memory_is_used_again():
    def faults(how: str) -> int:
        # As Dask's nanny starts a worker; no huge pages, which would hide the faults.
        variables = {"MALLOC_TRIM_THRESHOLD_": "65536", "NUMPY_MADVISE_HUGEPAGE": "0"}
        done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True,
                              check=True, env=variables)
        return int(done.stdout)

    # 20 times 5120 pages, or fewer where the system hands out larger ones.
    assert 4 * faults("kept") < faults("as it is")
