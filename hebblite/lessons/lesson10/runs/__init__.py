"""What lesson 10 measures: with the engine's microcircuit, on digits and at any depth."""
