-- Why the sampler proposed the trial's configuration, as JSON; null for forks and for trials of older versions.
ALTER TABLE trial ADD COLUMN reason TEXT;
