"""The doors of projects: lists and pages, writing, parts, what goes on."""
