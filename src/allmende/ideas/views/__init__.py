"""The doors of ideas: reading, writing, running."""
