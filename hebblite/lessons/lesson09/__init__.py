"""Lesson 09, "Equilibrium Propagation"."""
