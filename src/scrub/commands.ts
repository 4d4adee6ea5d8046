/** Kind b without a name: finds passwords by their place in a call or a command line. */
import { eachMatch, endOfLine, matchAt } from './find.ts';
import { kindOfName } from './names.ts';
import type { Rule } from './rule.ts';
import { holdsText, isTold } from './values.ts';

/**
 * Functions that take a password, besides those that are named for it: `named` finds the text that these begin with.
 * PHP's stacks show the arguments of calls.
 */
const LOGIN_CALL =
  /(?:(?:\b(?:PDO|mysqli|wpdb|Redis\w{0,16}|Client)|Connection)(?:->|::)(?:__construct|connect)|\bnew (?:PDO|mysqli|wpdb|AMQP\w{1,24})|\b(?:oci|odbc|ibase|fbird|db2|ldap|imap|sybase|mssql|ifx|cubrid|ingres|maxdb)_p?(?:connect|open|bind|new_connect)|\bmysqli?(?:_|->|::)(?:real_)?p?connect|(?:log_?in|sign_?in(?:WithEmailAndPassword)?|getConnection|authenticate|auth|auth_?password|set_?password|check_?password|verify_?password|create_?user(?:WithEmailAndPassword)?|change_?password|update_?password|simple_bind_s|attempt|\b(?:hash|md5|sha1)|hash_hmac|create_?hmac|create_?(?:de)?cipheriv|pbkdf2(?:_hmac|Sync)?|crypt|scryptSync|\bJWT(?:::|\.)(?:encode|decode|sign|verify))) ?\(/gi;

/** A data source of PDO. The two arguments behind it are a name and a password. */
const DATA_SOURCE = /["'](?:mysql|pgsql|sqlsrv|oci|odbc|dblib|firebird):[^"'\n]{0,128}["'],[ \t]*(?=["'])/g;

/** Hides the arguments of a function that takes a password. A call without texts stays. */
export const loginCalls: Rule = {
  name: 'b login call',
  mark: /(?:construct|connect|open|bind|log_?in|sign|auth|passw|user|verify|hash|mysqli|PDO|wpdb|attempt|hmac|md5|sha1|crypt|cipher|pbkdf2|encode|decode)\w{0,24} ?\(|["'](?:mysql|pgsql|sqlsrv|oci|odbc|dblib|firebird):/i,
  find({ view }, hide) {
    eachMatch(LOGIN_CALL, view, (_, start) => {
      const end = endOfArguments(view, start);
      const given = view.slice(start, end);
      if (holdsText(given)) hide(start, end);
      return end;
    });
    eachMatch(DATA_SOURCE, view, (_, start) => {
      const end = endOfArguments(view, start);
      hide(start, end);
      return end;
    });
  },
};

const TEXT = /(?:"[^"\n]*"|'[^'\n]*'(?=\s*[,)])|[^"'\n()])+/y;

/** The index of the bracket that closes a call. If quotes in its texts confuse the search, the last one of the line. */
function endOfArguments(view: string, start: number): number {
  let at = start;
  for (let depth = 1, steps = 0; steps < 64; steps++) {
    at += matchAt(TEXT, view, at)?.[0].length ?? 0;
    const character = view.charAt(at);
    if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at;
    else if (character !== ')') break;
    at++;
  }
  const lineEnd = endOfLine(view, start);
  const last = view.slice(start, lineEnd).lastIndexOf(')');
  return last < 0 ? lineEnd : start + last;
}

/** A variable that a shell or a container file sets: `ENV NAME value`. */
const VARIABLE =
  /\b(?:ENV|ARG|setx|setenv|config set|configure set)[ \t]{1,4}([\w.-]{1,64})[ \t]{1,4}(\S+)/gi;

/** Programs, and their option for a password, or for a name and a password. */
const PROGRAMS = [
  ['mysql\\w{0,8}|mariadb[\\w-]{0,8}|sshpass|7z\\w?|(?:un)?zip|(?:un)?rar', '-[pP]', ''],
  ['docker|podman|helm|buildah|skopeo|nerdctl|oras|mongo\\w*|az|oc|cf|rdesktop', '-p', ' '],
  ['sqlcmd|bcp|isql|ipmitool', '-P', ' ?'],
  ['redis-cli', '-a', ' '],
  ['openssl', '-[kK]', ' '],
  ['htpasswd', '-\\w{0,4}b\\w{0,4}[ \\t]\\S{1,64}[ \\t]\\S{1,64}', ' '],
  ['ldap[a-z]{3,8}', '-w', ' ?'],
].map(
  ([program, option, space]) =>
    new RegExp(
      `\\b(?:${program})[ \\t](?:[^\\n|;&]{0,128}[ \\t])?${option}[ \\t]${space === '' ? '{0,4}' : space === ' ?' ? '{0,4}' : '{1,4}'}["']?([^\\s"'-][^\\s"']*)`,
      'g',
    ),
);
const USER =
  /(?<![\w-])(?:-[uUa]|--(?:proxy-)?user)[ \t=]{1,2}["']?[^\s:%"'/-][^\s:%/]{0,64}[:%](?!\d{1,5}(?!\S))([^\s"']+)/g;

/** Hides passwords on a command line. */
export const commands: Rule = {
  name: 'b command',
  mark: /htpasswd|(?<![\w-])-(?:[upawk]|-user|-proxy-user)|\b(?:ENV|ARG|setx|setenv|config set|configure set)[ \t]/i,
  find({ view }, hide) {
    eachMatch(VARIABLE, view, ([, name = '', value = ''], end) => {
      if (kindOfName(name) !== undefined && !isTold(value)) hide(end - value.length, end);
    });
    for (const pattern of [USER, ...PROGRAMS]) {
      eachMatch(pattern, view, ([, value = ''], end) => {
        if (!/^\d{1,5}(?::\d+)?$/.test(value)) hide(end - value.length, end);
      });
    }
  },
};
