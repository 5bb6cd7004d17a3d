"""``python -m deliverkit``."""

from deliverkit.cli import main

if __name__ == "__main__":
    main()
