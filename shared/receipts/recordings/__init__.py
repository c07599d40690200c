"""Recordings: announced by receipts, copied to the company's own bucket before the vendor deletes them."""
