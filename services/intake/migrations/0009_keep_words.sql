-- What is said with a hand-off is an entry of the dossier. `words_of` names the fact that it was told as: topic and sequence, as
-- the entry's hash covers them. Entries from before have none.
alter table entry add column words_of json;
