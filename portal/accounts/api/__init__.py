"""The API's furniture that knows who asks: keys and tokens, scopes, requests done once, uploads."""
