"""What lesson 01 runs: draws of spikes, and trainings in which spikes teach."""
