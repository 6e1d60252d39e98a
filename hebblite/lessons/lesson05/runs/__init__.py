"""What lesson 05 trains and measures."""
