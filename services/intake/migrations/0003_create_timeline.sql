-- Timelines other than the wall, which needs no row.
create table timeline (
  id text primary key,
  owner text not null,
  -- Who else may open cases on it; null: everybody, where it is the operator's.
  parties text[],
  -- stepped: its now. import: the end of its history, once there is one.
  mark timestamptz,
  -- The sequence of the last mark that was told; the same for all partitions.
  marks integer not null default 0,
  -- import: the number of the last row that is in, and the latest time of all rows.
  imported_rows bigint not null default 0,
  latest_at timestamptz,
  ended_at timestamptz
);
