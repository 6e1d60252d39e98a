"""Lesson 12: the whole matrix."""
