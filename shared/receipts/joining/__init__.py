"""How receipts of one thing become one row, whatever the order and number of times they come in."""
