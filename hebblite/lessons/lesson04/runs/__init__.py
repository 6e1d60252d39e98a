"""What lesson 04 simulates, by size: one neuron, small networks, digits; and the learner's loop."""
