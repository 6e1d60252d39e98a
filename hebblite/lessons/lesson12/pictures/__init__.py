"""Pictures of lesson 12, by what they show."""
