"""What all tests share: no connection leaves loopback, and where the corpora are."""
