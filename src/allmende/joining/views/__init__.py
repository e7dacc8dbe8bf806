"""The doors of this room: joining (everybody), the desk (offices), further shares (members)."""
