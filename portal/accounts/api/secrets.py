"""How the secrets of API keys are stored."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class KeySecretHasher(PBKDF2PasswordHasher):
    """For secrets the portal draws itself: 128 random characters, which nobody can guess.

    Slowness protects what people choose. Here it would only let a few hundred machines, asking for
    tokens in the same minute, keep the portal busy for as long.
    """

    algorithm = "pbkdf2_key"
    iterations = 1
