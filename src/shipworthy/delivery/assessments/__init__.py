"""What an employer configures for a role: which tasks candidates get, pinned to the bytes of their packages."""
