"""Lesson 01, "Spikes to rates"."""
