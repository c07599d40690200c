"""What the models of every vendor are made of."""
