export { stateFolder } from "./config.ts";
export { kafkaPossible, type Possible } from "./kafka-possible.ts";
export { type ExtraListener } from "./kafka-properties.ts";
export { type KafkaOptions, type RunningKafka, startKafka } from "./kafka.ts";
export { PartFault } from "./part-fault.ts";
export { type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres.ts";
export { createRoles, type ServiceName, serviceNames, serviceUrl } from "./roles.ts";
export { answersKafka } from "./kafka-answers.ts";
