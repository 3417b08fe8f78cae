#!/bin/sh
# Run once by the PostgreSQL image after database.sql: the two roles log in over the network.
set -eu
psql --set=ON_ERROR_STOP=1 --set=app="$PORTAL_APP_PASSWORD" --set=owner="$PORTAL_OWNER_PASSWORD" \
  --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
ALTER ROLE portal_app PASSWORD :'app';
ALTER ROLE portal_owner PASSWORD :'owner';
SQL
