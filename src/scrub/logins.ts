/** Kind a without `://`: finds the password of a login. */
import { eachMatch } from './find.ts';
import type { Rule } from './rule.ts';
import { isFile } from './values.ts';

/** `name:password@host`, and Oracle's `name/password@host`. A URL that lost a slash has it too. */
const LOGIN =
  /(?:(?<![\w/.@+-])|(?<=[a-z\d]:\/))(?!(?:npm|pkg|jsr|file|node|workspace|patch|mailto|sips?|acct|xmpp|git)[:/])[\w.-]{1,64}:(?!\/)([^\s:"<>]{1,128})@(?=(?:[a-z][a-z0-9-]*(?:[.:/(]|$|\s)|\[|\d+\.\d+\.\d+\.\d|\/\/))(?!sha\d+:)|\b(?:thin:|sqlplus |sqlldr )([\w.-]{1,64}\/[^\s@"<>]{1,128})@/gi;

export const logins: Rule = {
  name: 'a login',
  mark: /@/,
  find({ view }, hide) {
    eachMatch(LOGIN, view, ({ 0: found, 1: password, 2: oracle }, end) => {
      hide(end - 1 - (password ?? oracle ?? found).length, end - 1);
    });
  },
};

/** A line of `.pgpass`: https://www.postgresql.org/docs/current/libpq-pgpass.html */
const PASSWORD_FILE =
  /(?<![\w.:/\\@-])(\*|[a-z][\w.-]{0,127}|\d{1,3}(?:\.\d{1,3}){3}):(?:\*|\d{4,5}):(?:\*|(?!\d+:)[\w-]{1,63}):(?:\*|[a-z_][\w.@-]{0,63}):((?:[^\s:\\"']|\\[:\\]){1,128})(?=[\s"',]|$)/gi;

/** Hides the password in `host:port:database:name:password`. */
export const passwordFiles: Rule = {
  name: 'a password file',
  mark: /:(?:\d{4,5}|\*):/,
  find({ view }, hide) {
    eachMatch(PASSWORD_FILE, view, ([, host = '', password = ''], end) => {
      if (!isFile(host)) hide(end - password.length, end);
    });
  },
};
