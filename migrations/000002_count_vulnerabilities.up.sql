-- How many vulnerabilities there are, so that a run need not count them to report it.
ALTER TABLE feed ADD COLUMN vulnerabilities bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN feed.vulnerabilities IS 'Number of rows in vulnerabilities';
UPDATE feed SET vulnerabilities = (SELECT count(*) FROM vulnerabilities);
