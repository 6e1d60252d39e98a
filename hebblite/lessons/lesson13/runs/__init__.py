"""What lesson 13 measures: four theories in one experiment, and the worked starts on the bench."""
