"""Tests; folders mirror core, ui and pages, and browser drives a real Chromium."""
