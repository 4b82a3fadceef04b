-- The brief of a later offer to the same vendor lists the fixes for the offer's symptom and model. Each timeline has its own
-- counts.
create table known_error (
  timeline text collate "C" not null,
  vendor text not null,
  symptom text not null,
  model text not null,
  fix_code text not null,
  cures integer not null,
  primary key (timeline, vendor, symptom, model, fix_code)
);

comment on table known_error is 'How often a fix solved a symptom of a model';
