"""The doors of this room: the picture of votes, capital and work; the own contributions; the office's desk; what the board decides."""
