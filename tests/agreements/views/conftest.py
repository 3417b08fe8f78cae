"""Page tests stand in the same January and use the same browser everywhere."""

from tests.claims.views.conftest import browse, january

__all__ = ["browse", "january"]
