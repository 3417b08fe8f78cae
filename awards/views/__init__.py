"""Pages of the counts: listed, reported, confirmed, sent as a file."""
