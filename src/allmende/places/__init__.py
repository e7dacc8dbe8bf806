"""Addresses, points and regions, found in local data only. Owns no tables: the data are files in `data/`."""
