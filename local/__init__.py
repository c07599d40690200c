"""The laptop side: a loopback cloud and the host that runs the functions. Never deployed."""
