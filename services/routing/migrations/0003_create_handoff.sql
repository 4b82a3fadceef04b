-- Every hand-off that ever was: how a command finds its case, a desk its list, a carrier its history. Written in the
-- transaction of the state that it is made from, and never decided on.
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
    phase in ('offered', 'claimed', 'accepted', 'rejected', 'lapsed', 'withdrawn', 'resolved', 'confirmed', 'reopened')
  ),
  offered_at timestamptz not null,
  accept_by timestamptz,
  claimed_at timestamptz, -- of the latest claim
  lease_until timestamptz, -- while it is claimed
  accepted_at timestamptz,
  ended_at timestamptz,
  settled_at timestamptz, -- confirmed or reopened
  acceptance json, -- what the engineer said, with the one subject block
  ending json, -- code, fix code, reason, note
  check ((ended_at is null) = (phase in ('offered', 'claimed', 'accepted')))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One open hand-off per case (design.md 6), whatever the code above believes.
create unique index handoff_open_of_case on handoff (case_id) where ended_at is null;
create index handoff_of_case on handoff (case_id, offered_at);
-- A desk's list, the oldest first.
create index handoff_open_of_queue on handoff (vendor, timeline, queue, offered_at, handoff_id) where ended_at is null;

-- The queues that a vendor's desk can list, also while they are empty.
create table vendor_queue (
  vendor text not null,
  timeline text collate "C" not null,
  queue text not null,
  primary key (vendor, timeline, queue)
);
