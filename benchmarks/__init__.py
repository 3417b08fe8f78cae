"""What the portal's speed is measured by: ratios to a plain limit, both taken in the same run."""
