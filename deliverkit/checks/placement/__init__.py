"""Checks of where the copies of a seed test landed. A provider with few seeds is a note; the total decides."""
