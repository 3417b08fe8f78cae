"""Version 1: what stands here stays; new things are added beside it."""
