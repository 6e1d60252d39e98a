"""Pictures of lesson 13, by what they show."""
