"""Writes the tables of docs/performance.md anew from docs/performance/*.json, which `./allmende bench atlas --json FILE` wrote.

PYTHONPATH=src .venv/bin/python tools/performance.py
"""

import json
from pathlib import Path

from allmende.home.measuring.document import filled

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Read all runs, renew the document."""
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DOCS / "performance").glob("*.json"))]
    page = DOCS / "performance.md"
    page.write_text(filled(page.read_text(encoding="utf-8"), runs), encoding="utf-8")
    print(f"{len(runs)} runs")


if __name__ == "__main__":
    main()
