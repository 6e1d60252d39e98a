"""What lesson 09 runs and measures."""
