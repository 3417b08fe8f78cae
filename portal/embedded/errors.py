"""What goes wrong with a service, in words for the person at the terminal."""


class ServiceFailed(Exception):
    """A service cannot be started; the message says what to do."""
