"""Pictures of lesson 07: each is a pure function from data or settings to SVG."""
