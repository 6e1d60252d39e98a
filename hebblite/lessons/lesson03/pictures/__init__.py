"""Pictures of lesson 03: each is a pure function from data or settings to SVG."""
