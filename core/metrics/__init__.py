"""What the whole test set says of a network that has been trained, and of simpler methods beside it."""
