"""Pictures of lesson 06: each is a pure function from data or settings to SVG."""
