#!/bin/bash
# docker-compose.yml runs this script before it starts a server. The arguments are the names of variables. The script exits with 78
# if a variable contains a public default of docker-compose.yml and FIRST_LOOK is not 1.
# Every service checks its own variables too: packages/service/src/public-defaults.ts.
set -euo pipefail
if [ "${FIRST_LOOK:-}" = 1 ]; then exit 0; fi
status=0
for name in "$@"; do
  if [[ ${!name:-} == *for-a-first-look-only* ]]; then
    echo "$name contains a public default of docker-compose.yml: set your own value as .env.example describes, or set FIRST_LOOK=1 for a trial." >&2
    status=78 # the exit code of a service whose configuration is wrong
  fi
done
exit $status
