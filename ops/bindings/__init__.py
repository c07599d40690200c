"""`receipts bindings`: the rule book of `decide`."""
