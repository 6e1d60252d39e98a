"""What lesson 08 trains and measures."""
