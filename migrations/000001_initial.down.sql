DROP VIEW content_twins, source_disagreements, recent_processing, vulnerability_stats;
DROP TABLE deferred_indexes, exports, schedules, jobs, sync_runs, source_state, feed, changes, link_overrides,
    quarantine, raw_dictionaries, source_records, affected_packages, vulnerability_aliases, vulnerabilities;
DROP SEQUENCE vulnerability_uid;
DROP TYPE severity;
