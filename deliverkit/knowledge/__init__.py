"""What is known of providers: dated, sourced data, and typed access to it."""
