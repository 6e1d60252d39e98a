"""What lesson 07 runs: digits and their latencies, and their gradients, the chain of losses."""
