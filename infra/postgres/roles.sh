#!/bin/bash
# The image postgres runs this script when it starts with an empty volume. The script makes a schema and a role for each service.
set -euo pipefail
password=${SERVICE_PASSWORD:?the services need a password}
options=""
for service in intake timer routing notification auditor insight console; do options+="-c crossline.password_$service=${password// /\\ } "; done
PGOPTIONS=$options psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /infra/roles.sql
