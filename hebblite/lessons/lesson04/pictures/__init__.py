"""Pictures of lesson 04: each is a pure function from data or settings to SVG."""
