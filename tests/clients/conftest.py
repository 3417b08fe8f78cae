"""The client is no part of the portal: its folder is put in reach here."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

sys.path.insert(0, str(Path(settings.BASE_DIR) / "clients" / "python"))
