-- Every further offer with the same symptom and model carries the cures. Counted within one timeline.
create table known_error (
  timeline text collate "C" not null,
  vendor text not null,
  symptom text not null,
  model text not null,
  fix_code text not null,
  cures integer not null,
  primary key (timeline, vendor, symptom, model, fix_code)
);

comment on table known_error is 'How often a fix has cured a symptom of a model';
