ALTER TABLE feed DROP COLUMN vulnerabilities;
