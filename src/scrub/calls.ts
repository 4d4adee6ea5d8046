/** Kind b without a name: finds passwords among the arguments of functions that take one. */
import { eachMatch, endOfLine, matchAt } from './find.ts';
import type { Rule } from './rule.ts';
import { holdsText } from './values.ts';

/** The ends of the names of functions that log in, or that hash, encrypt or set a password. */
const TAKES_PASSWORD =
  'log_?[io]n|sign_?(?:[io]n|up)|getConnection|authenticate|auth|(?:auth|set|check|verify|validate|change|update|compare|match(?:es)?|save|store)_?(?:password|credentials?|pin)|(?:create|insert|add|register)_?(?:user|account|login)|simple_bind_s|bind(?=_?(?:user|as|with))|attempt|auth\\w{0,8}\\.basic|hash_hmac|create_?(?:hmac|(?:de)?cipheriv)|pbkdf2(?:_hmac|Sync)?|crypt|scryptSync';
/** Words behind these: `signInWithPassword`, `login_as`, `authenticateUser`. */
const FOR_WHOM = '(?:_?(?:user|account|client|as|with\\w{1,32}|by\\w{1,24}))?(?:Async)?';

/**
 * Other functions that take a password, besides those that are named for it: `named` finds the text that these begin
 * with. PHP's stacks show the arguments of calls.
 */
const OPENS =
  '\\bDBI(?:->| )connect|(?:\\b(?:PDO|mysqli|wpdb|Redis\\w{0,16}|Client)|Connection)(?:->|::)(?:__construct|connect)|\\bnew (?:PDO|mysqli|wpdb|AMQP\\w{1,24})|\\b(?:oci|odbc|ibase|fbird|db2|ldap|imap|sybase|mssql|ifx|cubrid|ingres|maxdb)_p?(?:connect|open|bind|new_connect)|\\bmysqli?(?:_|->|::)(?:real_)?p?connect|\\b(?:hash|md5|sha1)|\\b(?:bcrypt|argon2|scrypt)\\w{0,8}\\.\\w{1,24}|\\b(?:user|account|auth)\\w{0,16}(?:->|::|\\.|#)(?:register|create)(?:Async)?|\\bNet::\\w{3,8}\\.(?:start|new|open)|\\bJWT(?:::|\\.)(?:encode|decode|sign|verify)';

const CALL = new RegExp(`(?:${OPENS}|(?:${TAKES_PASSWORD})${FOR_WHOM}) ?\\(`, 'gi');

/** A data source, or a name in a directory. The texts behind it are a name and a password, or a password. */
const DATA_SOURCE =
  /["'](?:(?:mysql|pgsql|sqlsrv|oci|odbc|dblib|firebird|jdbc|dbi|bolt|neo4j|ldaps?|amqps?):|(?:cn|uid|ou)=)[^"'\n]{0,192}["'],[ \t]*(?=["'])/gi;

/** A call as data, as in a trace or in an error of a client of Redis: `name: 'auth', args: ['me', '…']`. */
const CALL_AS_DATA = new RegExp(
  `\\b(?:name|command|cmd|function|method|func)["']?\\]?\\s{0,8}(?::|=>|=)\\s{0,8}(?:string\\(\\d+\\)\\s)?["']\\w{0,32}(?:${TAKES_PASSWORD})${FOR_WHOM}["'][^()[\\]{}]{0,192}?\\b(?:args?|arguments|params|parameters)["']?\\s{0,8}(?::|=>|=)\\s{0,8}[[({]`,
  'gi',
);

/** A password that is compared with a hash of one, and what Java keeps as characters: `"…".toCharArray()`. */
const COMPARED = /["']([^"'\n]{1,128})["'](?:,[ \t]*b?["']\$(?=\w{1,10}\$)|\.toCharArray\()/g;

/** A command of Redis as its monitor prints it: `"AUTH" "me" "…"`. */
const QUOTED_COMMAND = /["']auth["'](?:, with args beginning with:)?((?:[ \t]["'][^"'\n]{1,128}["']){1,2})/gi;

/** Hides the arguments of a function that takes a password. A call without texts stays. */
export const loginCalls: Rule = {
  name: 'b login call',
  mark: /\w ?\([^\n()]{0,64}?["'`]|,[ \t]*b?["'`]|["'](?:\w{2,12}:|cn=|uid=|ou=)|["']auth["']|\b(?:arg|param)\w{0,8}["']?\s{0,8}[:=]/i,
  find({ view }, hide) {
    const hideTexts = (start: number) => {
      const end = endOfArguments(view, start);
      if (holdsText(view.slice(start, end))) hide(start, end);
      return end;
    };
    for (const pattern of [CALL, DATA_SOURCE, CALL_AS_DATA])
      eachMatch(pattern, view, (_, start) => hideTexts(start));
    eachMatch(COMPARED, view, ({ 1: password = '', index }) => hide(index + 1, index + 1 + password.length));
    eachMatch(QUOTED_COMMAND, view, ([, given = ''], end) => hide(end - given.length + 1, end));
  },
};

const TEXT = /(?:"[^"\n]*"|'[^'\n]*'(?=\s*[,)\]}])|[^"'\n()[\]{}]|\n(?=\s{0,64}["'\])}]))+/y;

/** The index of the bracket that closes a call. If quotes in its texts confuse the search, the last one of the line. */
function endOfArguments(view: string, start: number): number {
  let at = start;
  for (let depth = 1, steps = 0; steps < 64; steps++) {
    at += matchAt(TEXT, view, at)?.[0].length ?? 0;
    const character = view.charAt(at);
    if ('([{'.includes(character) && character !== '') depth++;
    else if (')]}'.includes(character) && character !== '') {
      if (--depth === 0) return at;
    } else break;
    at++;
  }
  const lineEnd = endOfLine(view, start);
  const last = Math.max(...[...')]}'].map((bracket) => view.slice(start, lineEnd).lastIndexOf(bracket)));
  return last < 0 ? lineEnd : start + last;
}
