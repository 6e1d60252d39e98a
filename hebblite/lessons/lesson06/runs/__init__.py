"""What lesson 06 trains and measures."""
