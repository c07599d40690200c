"""Makes `build/`: the layer, one folder per function, and the manifest that tells of them."""
