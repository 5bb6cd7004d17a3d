"""Conversations with the mail hosts: what they say to a sender."""
