"""Alicom: the queues in which Alibaba keeps an account's receipts until somebody pulls them."""
