"""What is on offer: one file a kind, one entry a thing, and no code paths elsewhere."""
