"""Pictures of lesson 09: each is a pure function from data or settings to SVG."""
