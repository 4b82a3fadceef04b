-- The watermark is the auditor's own proof of life: an alarm rises where no heartbeat comes.
create table watermark (
  until timestamptz not null,
  beat_at timestamptz not null,
  sequence integer not null,
  partition smallint primary key
) with (fillfactor = 50);

comment on table watermark is 'How far the wall is judged, by partition';
comment on column watermark.until is 'Nothing that was due before this instant is unjudged';
comment on column watermark.beat_at is 'The last heartbeat';
comment on column watermark.sequence is 'Of the records `watermark/<partition>` on the audit topic';
