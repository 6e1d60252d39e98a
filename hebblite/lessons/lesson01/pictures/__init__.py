"""The pictures of lesson 01."""
