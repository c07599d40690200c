"""The gateway of the vendor's RPC-style APIs on the loopback interface, whatever product they belong to."""
