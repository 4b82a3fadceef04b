-- Routing derives the rows from the state of a case, and saves both in one transaction. No rule reads the rows. The table serves
-- commands, which find the case of a hand-off, desks, which list their hand-offs, and carriers, which read the history of a case.
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

-- A case has at most one open hand-off, even if the code has a bug.
create unique index handoff_open_of_case on handoff (case_id) where ended_at is null;
create index handoff_of_case on handoff (case_id, offered_at);
-- Serves the list of a desk, which begins with the oldest hand-off.
create index handoff_open_of_queue on handoff (vendor, timeline, queue, offered_at, handoff_id) where ended_at is null;

comment on table handoff is 'All hand-offs, open and ended, with phase and times';
comment on column handoff.claimed_at is 'The instant of the latest claim';
comment on column handoff.lease_until is 'Set while the hand-off is claimed';
comment on column handoff.settled_at is 'The instant at which the customer confirmed the fix or the case was reopened';
comment on column handoff.acceptance is 'The engineer''s acceptance, with its subject block';
comment on column handoff.ending is 'The code, fix code, reason and note with which the hand-off ended';
comment on column handoff.cause is 'The clock or trigger that made the case cross, with its deadline and firing';
