-- What people have to say about a trial, by its last "marked" event: words between commas, and a text.
ALTER TABLE trial ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE trial ADD COLUMN note TEXT NOT NULL DEFAULT '';
