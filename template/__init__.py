"""`template.yml` and what is in it: read, checked, typed. It imports nothing else of this project."""
