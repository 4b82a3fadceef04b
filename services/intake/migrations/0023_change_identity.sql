-- A change can list 10,000 devices or customers. The list is not part of the state of the change, because a receipt rewrites the state.
create table change_identity (
  change_id text collate "C" not null,
  identity text collate "C" not null,
  primary key (change_id, identity)
);

comment on table change_identity is 'The devices and customers that a change lists, as hashes (hashIdentity)';
