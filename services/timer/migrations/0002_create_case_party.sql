-- Which vendors a case crossed to: they may see its clocks, as its carrier may.
create table case_party (
  case_id text collate "C" not null,
  party text not null,
  primary key (case_id, party)
);
