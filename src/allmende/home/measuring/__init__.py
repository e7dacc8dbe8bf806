"""The bench of the map: engine, server and peers on the same rows, in one run, beside what the database alone needs.

`questions` says what is asked, `engine` asks the atlas in this process, `raw` asks the plain database, `web` asks the real server,
`peers` asks other programs, `targets` says what is expected, `report` prints it.
"""
