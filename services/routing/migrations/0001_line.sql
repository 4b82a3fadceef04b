-- Routing owns the lines, and tells their owner when each was published.
alter table line add column created_at timestamptz not null;
