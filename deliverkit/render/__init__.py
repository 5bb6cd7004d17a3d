"""Rendering: a report as text for people or as JSON for programs. Layout only; nothing is judged here."""
