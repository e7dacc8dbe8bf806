"""Invented organisations in any number, always the same for the same seed: for measuring, never for showing. All are marked as demo.

language: the words · towns: where they are · drawing: what is drawn for all of them at once · columns: rows for the tables.
"""
