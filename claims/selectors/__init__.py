"""Reading claims and payroll, always through the eyes of an actor: what they may not see does not exist."""
