"""What lesson 02 draws."""
