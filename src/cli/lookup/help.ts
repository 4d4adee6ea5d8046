/** What `--help` prints. */
import { commandLine, isCheckout } from '../npm-options.ts';

/** The text. */
export const HELP = `From a request ID to the cause.

${line(['ID'], 'the failure with this ID, from Workers Logs')}
${line(['--local', 'ID'], 'the same from a running wrangler dev')}
${line(['--since', '1h'], 'the failures of the last hour, counted and grouped (also 30m, 2d)')}

ID is the 26 characters on the error page, as they come: lower case, spaces and dashes are fine, o is read
as 0, i and l as 1. It holds its own time, so no dates are needed. A text that holds it will do ("Request ID:
01M8… please help"), and so will a Ray ID of Cloudflare, or an ID that the client chose (setting TRUST_REQUEST_ID).

Options
  --local [URL]      ask wrangler dev at this address or port (default http://localhost:8787)
  --verbatim         take the ID exactly as typed, and search all that Workers Logs keeps
  --source-map FILE  name the places of a stack in the source (default: the one in dist, where its version ran)
  --since TIME       summary instead of one failure: a number and s, m, h or d
  --host HOST        with --since: only this host
  --type TYPE        with --since: only this error type, such as 503 or connection_refused
  --no-bots          with --since: without the robots that Cloudflare has verified
  --json             print JSON for programs${isCheckout ? ". Use npm run --silent, or npm's own lines come before it" : ''}
  --help             this text

Environment
  CLOUDFLARE_ACCOUNT_ID   the account that the Worker runs in
  CLOUDFLARE_API_TOKEN    a token with the permission "Account > Workers Observability > Read". The login of
                          wrangler does not carry that permission
  CLOUDFLARE_BASE_URL     another address of the API
  NO_COLOR                no colours on a terminal

Workers Logs shows a record 11 to 45 seconds after the failure: an ID younger than three minutes is waited for,
up to a minute.
It deletes records after 3 days on the Free plan and after 7 days on the Paid plan (from December 1, 2026 after 7
days on both).

Exit codes
  0  found, or a summary was printed
  1  no such ID: unknown, too old, or from the future
  2  the ID or an option is malformed
  3  CLOUDFLARE_ACCOUNT_ID or CLOUDFLARE_API_TOKEN is missing
  4  Cloudflare refused the token
  5  Cloudflare, or wrangler dev, could not be reached
  6  Cloudflare, or wrangler dev, answered with an error
  7  this program broke

JSON of an ID
  { request_id, store, truncated, failures: [{ cause, fault, next, circumstances?, time, service?, record,
    additions: [record], other_lines: [{ time, level, service?, text }] }] }
  The newest failure first; record is the record as it was logged; additions are further records with the same
  ID, such as "Origin error body"; times are ISO 8601 in UTC. circumstances: { within_five_minutes, run?: { count,
  first, last, began_before, goes_on }, versions: [{ id, count, first, last }], sample_interval }
JSON of --since
  { from, to, store, failures, first, last, sample_interval, truncated, others, on_purpose, timeline,
    groups: [{ error_type, error_source, origin_status?, host, path, count, first, last, example? }] }
  timeline has the count of each of 60 equal parts; others are failures in none of the groups.
`;

function line(args: readonly string[], meaning: string): string {
  return `  ${commandLine('lookup', args).padEnd(36)} ${meaning}`;
}
