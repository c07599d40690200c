"""Puts the functions into the cloud with Serverless Devs, and says which addresses the vendors are to be given."""
