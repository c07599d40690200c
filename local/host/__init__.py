"""Runs the functions of a Serverless Devs template on this machine, the way Function Compute does."""
