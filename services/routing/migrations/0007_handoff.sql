-- Written in the transaction of the state that it is made from, and never decided on: a command finds its case here, a desk its list, a
-- carrier its history.
create table handoff (
  handoff_id text collate "C" primary key,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  vendor text not null,
  queue text not null,
  mode text not null,
  step smallint not null,
  attempt smallint not null,
  reason text not null,
  phase text not null check (
    phase in (
      'offered', 'claimed', 'info-requested', 'accepted', 'rejected', 'lapsed', 'withdrawn', 'returned', 'transferred',
      'resolved', 'confirmed', 'reopened'
    )
  ),
  offered_at timestamptz not null,
  accept_by timestamptz,
  claimed_at timestamptz,
  lease_until timestamptz,
  accepted_at timestamptz,
  ended_at timestamptz,
  settled_at timestamptz,
  acceptance json,
  ending json,
  cause json,
  check ((ended_at is null) = (phase in ('offered', 'claimed', 'info-requested', 'accepted')))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One open hand-off per case, whatever the code above believes.
create unique index handoff_open_of_case on handoff (case_id) where ended_at is null;
create index handoff_of_case on handoff (case_id, offered_at);
-- A desk's list, the oldest first.
create index handoff_open_of_queue on handoff (vendor, timeline, queue, offered_at, handoff_id) where ended_at is null;

comment on table handoff is 'Every hand-off that ever was, with its phase and times';
comment on column handoff.claimed_at is 'Of the latest claim';
comment on column handoff.lease_until is 'Set while the hand-off is claimed';
comment on column handoff.settled_at is 'When the cure was confirmed, or the case reopened';
comment on column handoff.acceptance is 'What the engineer said, with the one subject block';
comment on column handoff.ending is 'Code, fix code, reason, note';
comment on column handoff.cause is 'Which clock or trigger made the case cross, when that was due and when it fired';
