-- Only routing has the column created_at. Routing owns the lines, and shows the carrier when each version was published.
alter table line add column created_at timestamptz not null;
