"""What lesson 02 runs."""
