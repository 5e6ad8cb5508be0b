"""The parts of the Evaluate page: one file a section, and what they share."""
