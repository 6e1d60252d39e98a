"""What lesson 11 runs: updates from spikes, networks that learn from them, other trains."""
