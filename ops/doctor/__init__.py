"""`receipts doctor`: looks at everything that the functions need, and says what to do."""
