"""Runs beside one another: what differs in their configurations, their curves, and what luck may explain."""
