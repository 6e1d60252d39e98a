"""Lesson 06, "Loss I: the amount of top-down feedback"."""
