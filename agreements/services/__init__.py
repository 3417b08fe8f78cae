"""What people and clients ask of agreements and rosters: one verb, one transaction each."""
