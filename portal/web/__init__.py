"""Page and API furniture: static files, forms, tables, problems. It knows no app but the kernel."""
