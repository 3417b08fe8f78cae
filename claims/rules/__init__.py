"""How a claim is calculated: pure functions over frozen facts; `claim.calculate` is the door."""
