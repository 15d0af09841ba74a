"""The command `backprop`; `python -m backprop` is the same."""

import os
import sys

STOPPED = "backprop: stopped\n"


def run() -> int:
    """Run the command line, and end with status 130 whenever the user stops it.

    As long as there is nothing to clean up, while the package is imported and when all is done,
    Ctrl-C ends the process at once. In between it raises KeyboardInterrupt, and SIGTERM raises
    SystemExit, so that no half-written file stays.

    Returns:
        The exit status, as `backprop.cli.main` tells it.
    """
    try:
        import signal  # noqa: PLC0415  # each import takes a while, in which the user may stop it

        heeds_interrupts = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if heeds_interrupts:  # a shell may have the commands in its background ignore Ctrl-C
            signal.signal(signal.SIGINT, stop)
        from backprop.cli import main  # noqa: PLC0415

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        if heeds_interrupts:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = main()
        if heeds_interrupts:
            signal.signal(signal.SIGINT, stop)
    except KeyboardInterrupt:
        status = 130
    if status == 130 and sys.stderr:
        sys.stderr.write(STOPPED)
    return status


def stop(*_: object) -> None:
    """End the process at once, and say so in one line."""
    if sys.stderr:
        os.write(2, STOPPED.encode())
    os._exit(130)


if __name__ == "__main__":
    raise SystemExit(run())
