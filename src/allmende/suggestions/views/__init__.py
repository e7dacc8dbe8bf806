"""The doors of this room: pointing something out, following what became of it, deciding."""
