/** What the help of `lookup` says besides its options. */

/** What each exit code means. */
export const EXIT_CODES = {
  0: 'found, or a summary was printed',
  1: 'no such ID: unknown, too old, or from the future',
  2: 'the ID or an option is malformed',
  3: 'CLOUDFLARE_ACCOUNT_ID or CLOUDFLARE_API_TOKEN is missing',
  4: 'Cloudflare refused the token',
  5: 'Cloudflare, or wrangler dev, could not be reached',
  6: 'Cloudflare, or wrangler dev, answered with an error',
  7: 'this program broke',
};

/** Further parts of the help by heading. */
export const NOTES = {
  Environment: {
    CLOUDFLARE_ACCOUNT_ID: 'the account that the Worker runs in',
    CLOUDFLARE_API_TOKEN:
      'a token with the permission "Account > Workers Observability > Read". The login of wrangler does not carry that permission',
    CLOUDFLARE_BASE_URL: 'another address of the API',
    NO_COLOR: 'no colours on a terminal',
  },
  'When a record is there':
    'Workers Logs shows a record 11 to 45 seconds after the failure: an ID younger than three minutes is waited for, up to a minute. It deletes records after 3 days on the Free plan and after 7 days on the Paid plan (from December 1, 2026 after 7 days on both).',
  'JSON of an ID': `{ request_id, store, truncated, failures: [{ cause, fault, next, circumstances?, time, service?, record, additions: [record], other_lines: [{ time, level, service?, text }] }] }
The newest failure first; record is the record as it was logged; additions are further records with the same ID, such as "Origin error body"; times are ISO 8601 in UTC. circumstances: { within_five_minutes, run?: { count, first, last, began_before, goes_on }, versions: [{ id, count, first, last }], sample_interval }`,
  'JSON of --since': `{ from, to, store, failures, first, last, sample_interval, truncated, others, on_purpose, timeline, groups: [{ error_type, error_source, origin_status?, host, path, count, first, last, example? }] }
timeline has the count of each of 60 equal parts; others are failures in none of the groups.`,
};
