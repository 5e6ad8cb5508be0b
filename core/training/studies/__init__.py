"""Members of a study, trained together in one compiled program or side by side: `training.train`."""
