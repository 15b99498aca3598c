"""Which link of the chain is broken, and the one thing to do."""
