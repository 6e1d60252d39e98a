"""Lesson 05, "DH learns deep networks"."""
