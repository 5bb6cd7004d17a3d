"""The gate before a campaign: everything that is known of it is looked at, and one answer is given."""
