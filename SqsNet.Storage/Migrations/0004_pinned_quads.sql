-- Quads of a dataset's faces that people want to look at again, with whichever trial.
CREATE TABLE pinned_quad (
    dataset   TEXT    NOT NULL,
    anchor    INTEGER NOT NULL,
    positive  INTEGER NOT NULL,
    negative1 INTEGER NOT NULL,
    negative2 INTEGER NOT NULL,
    pinned_at TEXT    NOT NULL,
    PRIMARY KEY (dataset, anchor, positive, negative1, negative2)
) STRICT, WITHOUT ROWID;
