"""Many trainings as one: searches, folds of a cross-validation, one config by many seeds."""
