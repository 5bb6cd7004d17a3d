"""The seed test: a message is sent to mailboxes of one's own, and where each copy lands is looked up."""
