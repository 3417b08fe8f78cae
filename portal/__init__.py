"""The house the apps live in: settings, addresses, services, and the floors below the apps."""
