-- Only routing has this column: it owns the lines, and shows the carrier when each version was published.
alter table line add column created_at timestamptz not null;
