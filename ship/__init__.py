"""What makes of the project what runs in the cloud."""
