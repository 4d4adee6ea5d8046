/** What Cloudflare's API asks for, from the environment. */
import type { Surroundings } from '../command.ts';
import { commandLine } from '../terminal.ts';
import { EXIT, LookupFailure } from './exit.ts';

/** What a query against one account needs. */
export interface Credentials {
  readonly accountId: string;
  readonly apiToken: string;
}

/** How to make a token that works. */
export const TOKEN_HELP = `Make one at https://dash.cloudflare.com/profile/api-tokens with the permission
"Account > Workers Observability > Read". The login of wrangler does not carry that permission.`;

const ACCOUNT_HELP = 'It is on the overview page of Workers & Pages, or: npx wrangler whoami';

/** The variables that are not set, of those that say whose logs to read. */
export function missingCredentials(environment: Surroundings['env']): string[] {
  return ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'].filter((name) => !environment[name]?.trim());
}

/**
 * The account and the token.
 * @param argv what was typed, for the advice to ask elsewhere
 * @throws LookupFailure naming the variables that are missing or cannot be right
 */
export function credentialsFrom(environment: Surroundings['env'], argv: readonly string[]): Credentials {
  const accountId = environment['CLOUDFLARE_ACCOUNT_ID']?.trim() ?? '';
  const apiToken = environment['CLOUDFLARE_API_TOKEN']?.trim() ?? '';
  const missing = missingCredentials(environment);
  if (missing.length > 0) {
    throw new LookupFailure(
      EXIT.credentials,
      `${missing.join(' and ')} must be set in the environment to read Workers Logs.
${apiToken === '' ? TOKEN_HELP : ACCOUNT_HELP}
To ask a running wrangler dev instead:
  ${commandLine('lookup', ['--local', ...argv])}`,
    );
  }
  if (!/^[0-9a-f]{32}$/i.test(accountId)) {
    throw new LookupFailure(
      EXIT.credentials,
      `CLOUDFLARE_ACCOUNT_ID is not an account ID, which is 32 characters of 0-9 and a-f. ${ACCOUNT_HELP}`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(apiToken)) {
    throw new LookupFailure(
      EXIT.credentials,
      'CLOUDFLARE_API_TOKEN holds a space or another character that no token has.',
    );
  }
  return { accountId, apiToken };
}
