"""The pages about claims and payroll."""
