-- How many vulnerabilities there are, so that a run need not count them to report it. A writer of the program before
-- would not count what it writes: those under way are waited for, and none goes on after this.
LOCK TABLE vulnerabilities IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE feed ADD COLUMN vulnerabilities bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN feed.vulnerabilities IS 'Number of rows in vulnerabilities';
UPDATE feed SET vulnerabilities = (SELECT count(*) FROM vulnerabilities), epoch = epoch + 1;
