"""The index of the map in memory: sorted keys of places and compressed sets of them, in parts that never change ("segments").

keys: what a key is · rows: the table as arrays · segment: one part · base: the large part as files · snapshot: all parts as they are now
· choose: which places match · listing: in which order · piles: what the map draws.
"""
