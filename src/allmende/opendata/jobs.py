"""What the house does at night for those who fetch everything."""

from allmende.ground.jobs import daily
from allmende.opendata import nightly


@daily("opendata.dumps", at_hour=3)
def write_dumps() -> str:
    """All formats of the full dump."""
    return ", ".join(path.name for path in nightly.write())
