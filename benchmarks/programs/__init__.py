"""What runs in the fresh processes of B1. Each module is a program; nothing else of this project is loaded there."""
