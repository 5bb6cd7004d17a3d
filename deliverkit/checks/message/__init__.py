"""Checks of the message that a campaign sends: its form, and what large providers ask of it."""
