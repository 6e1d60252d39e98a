"""Pictures of lesson 05: each is a pure function from data or settings to SVG."""
