-- A hand-off can wait for information, be returned or be transferred; and a cure that worked is remembered.
alter table handoff drop constraint handoff_phase_check;
alter table handoff add constraint handoff_phase_check check (
  phase in (
    'offered', 'claimed', 'info-requested', 'accepted', 'rejected', 'lapsed', 'withdrawn', 'returned', 'transferred',
    'resolved', 'confirmed', 'reopened'
  )
);
alter table handoff drop constraint handoff_check;
alter table handoff add constraint handoff_check check (
  (ended_at is null) = (phase in ('offered', 'claimed', 'info-requested', 'accepted'))
);

-- What cured a symptom of a model before: every further offer of its like carries it. Within one timeline.
create table known_error (
  timeline text collate "C" not null,
  vendor text not null,
  symptom text not null,
  model text not null,
  fix_code text not null,
  cures integer not null,
  primary key (timeline, vendor, symptom, model, fix_code)
);
