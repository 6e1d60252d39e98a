"""Lesson 10, "Dendritic error backprop"."""
