"""`python -m allmende <command>`: the caretaker's door to every management command."""

import os
import sys


def main() -> None:
    """Run a management command with the one settings file of the house."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["allmende", *sys.argv[1:]])


if __name__ == "__main__":
    main()
