-- Times are ISO 8601 text in UTC. States are camelCase words. NaN is stored as NULL.

CREATE TABLE sweep (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    spec           TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    message        TEXT,
    planned_trials INTEGER NOT NULL,
    created_at     TEXT    NOT NULL,
    ended_at       TEXT
) STRICT;

-- Ids are never used twice (AUTOINCREMENT): a trial's folder carries its id, and a checkpoint found there is resumed.
CREATE TABLE trial (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    sweep_id      INTEGER NOT NULL REFERENCES sweep (id),
    number        INTEGER NOT NULL,
    configuration INTEGER NOT NULL,
    parent_id     INTEGER REFERENCES trial (id),
    state         TEXT    NOT NULL,
    message       TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0,
    step          INTEGER NOT NULL DEFAULT 0,
    best_epoch    INTEGER,
    last_seq      INTEGER NOT NULL DEFAULT 0, -- number of the last event
    folded_seq    INTEGER NOT NULL DEFAULT 0, -- metrics up to this event are in chunks; later ones only in events
    quads_seq     INTEGER,                    -- event that holds the inspected quads
    created_at    TEXT    NOT NULL,
    started_at    TEXT,
    ended_at      TEXT,
    assignment    TEXT    NOT NULL,
    spec          TEXT    NOT NULL,
    UNIQUE (sweep_id, number)
) STRICT;

CREATE INDEX trial_by_state ON trial (sweep_id, state);

-- The log: the truth, from which everything below is derived; metrics events move to event_pack when there are many. One integer carries the key (trial, seq), because a
-- table with a composite key would put rows above a quarter of a page on pages of their own.
CREATE TABLE event (
    id       INTEGER PRIMARY KEY,             -- trial << 32 | seq
    kind     TEXT    NOT NULL,
    payload  TEXT    NOT NULL,                -- the event as JSON
    trial_id INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    seq      INTEGER GENERATED ALWAYS AS (id & 0xffffffff) VIRTUAL
) STRICT;

-- Finds the few other events among the many metrics.
CREATE INDEX event_not_metrics ON event (id) WHERE kind <> 'metrics';

-- Metrics events of a fold, taken out of the table above: most of an event's JSON is the same as the last one's, so a
-- few hundred together take a fifth of the room. The layout of data is EventPack's.
CREATE TABLE event_pack (
    id       INTEGER PRIMARY KEY,             -- trial << 32 | seq of the first event
    last_seq INTEGER NOT NULL,
    data     BLOB    NOT NULL
) STRICT;

CREATE TABLE metric (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE latest_metric (
    trial_id  INTEGER NOT NULL REFERENCES trial (id),
    metric_id INTEGER NOT NULL REFERENCES metric (id),
    value     REAL,
    PRIMARY KEY (trial_id, metric_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE best_metric (
    trial_id  INTEGER NOT NULL REFERENCES trial (id),
    metric_id INTEGER NOT NULL REFERENCES metric (id),
    value     REAL,
    PRIMARY KEY (trial_id, metric_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE confusion (
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    split    TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,                -- event that holds the matrix
    PRIMARY KEY (trial_id, split, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifact (
    trial_id INTEGER NOT NULL REFERENCES trial (id),
    path     TEXT    NOT NULL,
    seq      INTEGER NOT NULL,                -- event that announced the file as it is now
    PRIMARY KEY (trial_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
    id        INTEGER PRIMARY KEY,
    trial_id  INTEGER NOT NULL REFERENCES trial (id),
    metric_id INTEGER NOT NULL REFERENCES metric (id),
    UNIQUE (trial_id, metric_id)
) STRICT;

-- Up to 1,000 points of one series; the layout of data is SeriesChunk's.
CREATE TABLE chunk (
    id       INTEGER PRIMARY KEY,             -- series << 32 | seq of the first point
    last_seq INTEGER NOT NULL,
    data     BLOB    NOT NULL
) STRICT;
