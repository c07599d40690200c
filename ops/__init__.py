"""The receipts operator command. Outside the layer: no function imports it."""
