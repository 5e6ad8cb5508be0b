"""The parts of the Compare page: which runs, their table, what is done with them, and the views of them."""
