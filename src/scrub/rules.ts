/** Lists all rules, in the order in which they search a text. */
import { loginCalls } from './calls.ts';
import { commands } from './commands.ts';
import { links } from './links.ts';
import { logins, passwordFiles } from './logins.ts';
import {
  cookielessSessions,
  credentials,
  passwordHashes,
  privateKeys,
  serviceKeys,
  webTokens,
} from './marked.ts';
import { named } from './named.ts';
import { cardNumbers, emailAddresses, ipv4Addresses, ipv6Addresses } from './personal.ts';
import { longHex, randomText } from './random.ts';
import type { Rule } from './rule.ts';
import { inserts, statements } from './sql.ts';
import { parameters, queries, userinfo } from './urls.ts';

/** Kinds a to d: secrets that are known by their place, their name or their mark. */
export const knownSecrets: readonly Rule[] = [
  userinfo,
  logins,
  passwordFiles,
  queries,
  parameters,
  links,
  named,
  loginCalls,
  commands,
  inserts,
  statements,
  privateKeys,
  webTokens,
  serviceKeys,
  credentials,
  passwordHashes,
  cookielessSessions,
  emailAddresses,
  ipv4Addresses,
  ipv6Addresses,
  cardNumbers,
];

/** Kind e: texts that only look like a secret. */
const randomSecrets: readonly Rule[] = [longHex, randomText];

export const allSecrets: readonly Rule[] = [...knownSecrets, ...randomSecrets];
