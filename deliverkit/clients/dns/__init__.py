"""DNS clients. All speak the `Resolver` protocol of `deliverkit.observations`, so that they stack."""
