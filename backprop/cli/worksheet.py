"""The command `backprop worksheet`."""

import argparse
import contextlib
import os
from pathlib import Path

from backprop.cli.options import whole_number
from backprop.export.files import remove_leftovers, write_all
from backprop.worksheets import html, markdown
from backprop.worksheets.sheets import Sheet, sheet
from backprop.worksheets.steps import LEVELS

MOST_EXERCISES = 100  # on a sheet


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Write an exercise sheet and its key, each as Markdown and as HTML to print: "
        "networks with numbers of their own, the same ones for the same seed."
    )
    command.add_argument(
        "--seed", required=True, type=whole_number(), help="a whole number, 0 or more"
    )
    command.add_argument(
        "--difficulty",
        choices=LEVELS,
        default="output",
        help="how far it goes: forward (the forward pass and the error), output (and the weights "
        "into the output layer) or hidden (and all other weights and biases), or as hidden with "
        "one-output, tanh or relu (in the hidden layer), cross-entropy (with softmax), two-samples "
        "or two-hidden-layers; default: output",
    )
    command.add_argument(
        "--count",
        type=whole_number(1, MOST_EXERCISES),
        default=3,
        help="number of exercises (default: 3)",
    )
    command.add_argument("-o", "--output", required=True, metavar="DIR", help="where to write them")
    command.add_argument("--force", action="store_true", help="overwrite files that exist")
    command.set_defaults(run=worksheet)


def worksheet(options: argparse.Namespace) -> int:
    """Write a sheet and its key, as Markdown and as HTML: four files, or none.

    Raises:
        ValueError: they cannot be written there.
    """
    if not options.output:
        raise ValueError("'' came, expected a folder")
    made = sheet(options.seed, options.difficulty, options.count)
    folder = Path(options.output)
    texts = {folder / name: text for name, text in files(made).items()}
    try:
        # A folder is never replaced, and a file only by --force.
        remove_leftovers(texts)
        for path in texts:
            if path.is_dir() or (os.path.lexists(path) and not options.force):
                raise ValueError(f"{path}: exists already; --force overwrites a file")
        _write(folder, texts, force=options.force)
    except OSError as error:
        raise ValueError(f"{folder}: not written: {error.strerror}") from None
    for path in texts:
        print(path)
    return 0


def files(made: Sheet) -> dict[str, str]:
    """Return the texts of a sheet's files by their names."""
    return {
        f"{made.name}.md": markdown.questions(made),
        f"{made.name}-key.md": markdown.answers(made),
        f"{made.name}.html": html.questions(made),
        f"{made.name}-key.html": html.answers(made),
    }


def _write(folder: Path, texts: dict[Path, str], *, force: bool) -> None:
    """Write the files; remove the folders that were made for them if that fails."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_all(texts, None if force else dict.fromkeys(texts))
    except BaseException:
        with contextlib.suppress(OSError):
            for each in made:
                each.rmdir()
        raise
