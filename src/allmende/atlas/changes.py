"""What has changed since a moment: for whoever keeps something that was made of the index, and need not make all of it again."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from allmende.atlas.models import Change
from allmende.atlas.queries import version


def since(number: int, at: datetime) -> NDArray[np.int64] | None:
    """The organisations changed after a step of the index (`queries.version`), ascending, each once; also those that came or went.

    None where nobody knows: the step is forgotten, was rolled back, or everything was built anew meanwhile.
    """
    now, moment = version()
    if (now, moment) == (number, at):
        return np.zeros(0, np.int64)
    steps = list(Change.objects.filter(number__gte=number, number__lte=now).order_by("number").values_list("number", "at", "entries"))
    if not steps or steps[0][:2] != (number, at) or len(steps) != now - number + 1:
        return None
    told = [bytes(entries) for _, _, entries in steps[1:]]
    return np.unique(np.frombuffer(b"".join(told), "<i8")) if all(told) else None
