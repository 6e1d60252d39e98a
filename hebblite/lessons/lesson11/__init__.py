"""Lesson 11: learning with spikes."""
