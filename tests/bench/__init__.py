"""The speed of the record store, as ratios to anchors measured in the same run: `make bench`."""
