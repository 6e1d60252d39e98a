"""Lesson 08, "Predictive Coding"."""
