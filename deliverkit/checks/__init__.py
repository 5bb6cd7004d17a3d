"""The checks: one module each, pure functions of facts, found by walking this package."""
