"""Pictures of lesson 11, by what they show."""
