"""Lesson 11, "Learning with spikes"."""
