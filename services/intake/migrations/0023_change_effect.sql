-- Every opening of a case with a symptom asks for the changes that can be its cause. One row for each carrier and symptom makes this
-- question a single descent of the index, which finds nothing for most cases. Lists of carriers and symptoms in the table `change` would
-- need a scan of all changes.
create table change_effect (
  timeline text collate "C" not null,
  carrier text collate "C" not null,
  symptom text collate "C" not null,
  until_at timestamptz not null,
  change_id text collate "C" not null,
  primary key (timeline, carrier, symptom, until_at, change_id)
);

comment on table change_effect is 'The carriers and symptoms of cases that a change can cause';
comment on column change_effect.until_at is 'The last instant at which a case can be opened as a consequence of the change';
