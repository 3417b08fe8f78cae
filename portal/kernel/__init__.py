"""The pure core every app stands on: no Django, no database, no clock of its own but one."""
