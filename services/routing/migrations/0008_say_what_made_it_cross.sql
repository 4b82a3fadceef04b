-- Which clock or trigger made a case cross, when that was due and when it fired: the companies of the case can read it.
alter table handoff add column cause json;
