"""The page in the console's frame: its card and its tabs."""
