"""Pictures of lesson 08: data in, one SVG string out."""
