"""The doors of proposals: reading, writing, moving them on."""

from typing import Any

AREA: dict[str, Any] = {"area": "codetermination", "tab": "deciding"}
