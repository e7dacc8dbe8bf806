"""The doors of this room, by matter."""
