"""Archives for auditors: what lies where in one, writing it, and checking it without a database."""
