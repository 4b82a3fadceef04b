-- A carrier reads the time to the acceptance of its hand-offs in each queue that its lines name.
create index handoff_accepted_of_queue on handoff (vendor, timeline, queue, accepted_at) where accepted_at is not null;
