"""What a body holds: its receipts, each with the bytes it came as, and the type of each."""
