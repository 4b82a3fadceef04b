-- Each replica updates the watermark at a fixed interval, as evidence that the auditor works. If a watermark is not updated, an alarm
-- follows.
create table watermark (
  until timestamptz not null,
  beat_at timestamptz not null,
  sequence integer not null,
  partition smallint primary key
) with (fillfactor = 50);

comment on table watermark is 'The audit watermark of the wall timeline, by partition';
comment on column watermark.until is 'The auditor has checked all deadlines before this instant';
comment on column watermark.beat_at is 'The instant of the last heartbeat';
comment on column watermark.sequence is 'The last sequence of `watermark/<partition>` on the audit topic';
