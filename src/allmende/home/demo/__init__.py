"""Life in the demo network: people with the cast's names, and something that waits for each of them."""
