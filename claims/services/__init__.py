"""What people and clients ask of claims: one verb, one transaction each."""
