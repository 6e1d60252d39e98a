"""What lesson 12 trains and measures, one module a question."""
