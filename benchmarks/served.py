"""`python -m benchmarks.served run app.py ...`: Streamlit's command, whose memory can be asked back.

After the signal SIGUSR1 (not on Windows) it collects all garbage, and glibc gives back what is free.
"""

import ctypes
import gc
import signal
import sys


def collect(*_: object) -> None:
    """Collect garbage, and return free memory to the system where glibc can."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)


if __name__ == "__main__":
    from streamlit.web.cli import main

    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, collect)
    sys.exit(main())
