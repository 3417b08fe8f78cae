"""The PDF of a claim version: stored facts in, bytes out. Nothing here reads the database."""
