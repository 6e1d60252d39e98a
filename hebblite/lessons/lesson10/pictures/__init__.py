"""Pictures of lesson 10, by what they show."""
