"""Checks of what several resolvers hold."""
