-- What people ask of a trial that trains: "none", "pause" or "stop". By the last state event, as the state itself.
ALTER TABLE trial ADD COLUMN asked TEXT NOT NULL DEFAULT 'none';
