"""`python -m backprop` is the command `backprop`."""

from backprop.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
