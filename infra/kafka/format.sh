#!/bin/bash
# docker-compose.yml runs this script before it starts Kafka. The first run formats the volume of Kafka and makes the users: `operator`,
# `broker`, and one for each service (KAFKA_USER_*), with the passwords in KAFKA_PASSWORD_*. Later runs change nothing.
# The script exits with 78 if the volume is older than the users of Kafka, or if a password has other characters.
set -euo pipefail
umask 077 # The passwords are briefly in a file, in memory.
data=$KAFKA_LOG_DIRS
marker=$data/crossline.users

if [ -e "$data/meta.properties" ]; then
  if [ -e "$marker" ]; then exit 0; fi
  echo "Kafka's volume was made before Kafka had users: \`npx -y pnpm crossline set-aside --compose --yes\` sets it aside with PostgreSQL." >&2
  exit 78
fi

folder=$(mktemp -d)
users=()
arguments=(kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" --config "$folder/settings")
for variable in "${!KAFKA_PASSWORD_@}"; do
  name=${variable#KAFKA_PASSWORD_}
  user_variable=KAFKA_USER_$name # After a rotation, a service has another user than its first one.
  user=${!user_variable:-${name,,}}
  if [[ ! ${!variable} =~ ^[A-Za-z0-9_-]+$ ]]; then
    echo "$variable must have only letters, digits, hyphens and underscores." >&2
    exit 78
  fi
  users+=("$user")
  arguments+=(--add-scram "SCRAM-SHA-512=[name=$user,password=${!variable}]")
done

cat > "$folder/settings" << END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
controller.listener.names=CONTROLLER
listeners=INSIDE://:9092,CONTROLLER://127.0.0.1:9093
listener.security.protocol.map=INSIDE:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=INSIDE
log.dirs=$data
END
# Every user of a machine can list the arguments of a process, so `java` reads them from a file.
printf '"%s"\n' "${arguments[@]}" > "$folder/arguments"
# Kafka writes meta.properties last. The marker precedes it, so an interrupted run starts again.
printf '%s\n' "${users[@]}" > "$marker"
# The tool prints the hashes of all passwords on standard output.
/opt/kafka/bin/kafka-run-class.sh "@$folder/arguments" > /dev/null
echo "Kafka's volume is formatted. Kafka has the users ${users[*]}."
