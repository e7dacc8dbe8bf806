"""Ways of deciding: pure functions on whole numbers and fractions. No database, no web: anybody can count again."""
