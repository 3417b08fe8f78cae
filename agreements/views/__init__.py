"""Pages about agencies, their agreements, officers and rosters."""
