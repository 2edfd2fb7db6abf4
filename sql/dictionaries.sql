-- The dictionaries that raw bytes are compressed with.

-- name: LoadDictionaries :many
SELECT source, bytes FROM raw_dictionaries ORDER BY dictionary_id;

-- name: StoreDictionary :exec
INSERT INTO raw_dictionaries (dictionary_id, source, bytes)
VALUES (@dictionary_id, @source, @bytes)
ON CONFLICT (dictionary_id) DO NOTHING;
