/** Kind b without a name: finds passwords by their place on a command line. */
import { eachMatch } from './find.ts';
import { kindOfName } from './names.ts';
import type { Rule } from './rule.ts';
import { isTold } from './values.ts';

/** A variable that a shell or a container file sets, or a setting: `ENV NAME value`, `config set name value`. */
const VARIABLE =
  /\b(?:ENV|ARG|setx|setenv|(?:config|configure|secrets?|kv|env)[ :](?:set|put|add)|etcdctl put|git config)(?:[ \t]{1,4}--\w{1,16}){0,4}[ \t]{1,4}["']?([\w./:-]{1,96})["']?(?:[ \t]--(?:body|value|plaintext))?[ \t=]{1,4}["']?([^\s"'-][^\s"']{0,255})/gi;

const SPACE = '[ \\t]{1,4}';
const MAYBE_SPACE = '[ \\t]{0,4}';

/** Programs, and what stands before a password in their arguments. */
const PROGRAMS = (
  [
    ['mysql\\w{0,8}|mariadb[\\w-]{0,8}|sshpass|7z\\w?|(?:un)?rar', `-p${MAYBE_SPACE}`],
    ['(?:un)?zip', `-P${MAYBE_SPACE}`],
    // Elsewhere in these, `-p` is a port.
    [
      '(?:docker|podman|helm|buildah|skopeo|nerdctl|oras|az|oc|cf)[ \\t](?:[\\w-]{1,24}[ \\t])?login',
      `-p${SPACE}`,
    ],
    ['mongo\\w*|cqlsh|ncftp\\w*|sqlcmd|bcp|isql|smbclient|xfreerdp|rdesktop|psexec\\d*', `-p${SPACE}`],
    ['sqlcmd|bcp|isql|ipmitool|mosquitto_\\w{3,4}', `-P${MAYBE_SPACE}`],
    ['ssh-keygen', `-[PN]${SPACE}`],
    ['redis-cli', `-a${SPACE}`],
    ['openssl', `-[kK]${SPACE}`],
    ['htpasswd', `-\\w{0,4}b\\w{0,4}[ \\t]\\S{1,64}[ \\t]\\S{1,64}${SPACE}`],
    ['ldap[a-z]{3,8}', `-w${MAYBE_SPACE}`],
    ['lftp', `-u${SPACE}[^\\s,]{1,64},`],
    ['snmp[a-z]{2,8}', `-A${SPACE}`],
    ['snmp[a-z]{2,8}', `-X${SPACE}`],
    [
      'rabbitmqctl',
      `(?:add|authenticate)_user${SPACE}\\S{1,64}${SPACE}|change_password${SPACE}\\S{1,64}${SPACE}`,
    ],
    ['schtasks(?:\\.exe)?', `/rp${SPACE}`],
    ['[wx]?freerdp|rdesktop|wmic', '/p(?:assword)?:'],
    ['bundle', `config${SPACE}(?:set${SPACE})?\\S{1,96}${SPACE}[^\\s:]{1,64}:`],
    ['smbclient', `//\\S{1,128}${SPACE}`],
    ['composer', `http-basic\\.\\S{1,96}${SPACE}\\S{1,64}${SPACE}`],
    // RFC 9051 §6.2.3
    ['[A-Za-z]\\d{1,6}', `LOGIN${SPACE}\\S{1,128}${SPACE}`],
    ['ConvertTo-SecureString', ''],
    // A share is `\\host\name`. The view reads some of its backslashes as a line break.
    [
      'net[ \\t]{1,4}use',
      `(?:[A-Za-z]:|\\*|[\\\\␤]\\S{1,128})(?:${SPACE}[\\\\␤]\\S{1,128})?(?:${SPACE}/user:\\S{1,64})?${SPACE}(?![/*\\\\␤])`,
    ],
    ['net[ \\t]{1,4}user', `[\\w.-]{1,64}${SPACE}(?![/*])`],
  ] as const
).map(
  ([programs, before]) =>
    new RegExp(
      `\\b(?:${programs})[ \\t](?:[^\\n|;&]{0,128}?[ \\t])??(?:${before})["']?(?!\\d{1,5}(?::\\d+)?(?!\\S))([^\\s"'-][^\\s"']*)`,
      'g',
    ),
);

const USER =
  /(?<![\w-])(?:-[uUa]|--(?:proxy-)?user)[ \t=]{1,2}["']?[^\s:%"'/-][^\s:%/]{0,64}[:%](?!\d{1,5}(?!\S))([^\s"']+)/g;

/** An option for a name, and one for its value: `--name db-password --value …`. */
const NAMED_OPTION =
  /--(?:name|key|id)[ \t=]["']?([\w./:-]{1,96})["']?[ \t][^\n]{0,128}?--(?:value|body|plaintext)[ \t=]["']?([^\s"'][^\s"']{0,255})/g;

/** A text that a program reads as its input: `wrangler secret put NAME <<< value`. */
const HERE = /(?:secret|passw|login)[^\n|;]{0,96}<<<[ \t]{0,4}["']?([^\s"'][^\n"']{0,255})/gi;

/** A program that reads a password from another one: `echo value | docker login --password-stdin`. */
const PIPED =
  /\b(?:echo|printf)[ \t]{1,4}["']?([^|\n]{1,128}?)["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?(?:chpasswd|passwd[ \t]|[^\n|;]{0,96}(?:--?pass(?:word|phrase)-?(?:stdin|fd)|[ \t]-S[ \t]))/g;

/** Hides passwords on a command line. */
export const commands: Rule = {
  name: 'b command',
  mark: /htpasswd|chpasswd|rabbitmqctl|SecureString|schtasks|[ \t]\/p|\becho |http-basic|bundle|smbclient|<<<|\d LOGIN |\bnet[ \t]{1,4}use|(?<![\w-])-(?:[upawkAXPSN]|-user|-pass|-proxy-user|-value|-body)|\b(?:ENV|ARG|setx|setenv|set|put|add|git config)[ \t]/i,
  find({ view }, hide) {
    for (const pattern of [VARIABLE, NAMED_OPTION]) {
      eachMatch(pattern, view, ([, name = '', value = ''], end) => {
        if (kindOfName(name) !== undefined && !isTold(value)) hide(end - value.length, end);
      });
    }
    for (const pattern of [USER, HERE, ...PROGRAMS]) {
      eachMatch(pattern, view, ([, value = ''], end) => {
        if (!isTold(value)) hide(end - value.length, end);
      });
    }
    eachMatch(PIPED, view, ({ 0: found, 1: value = '', index }) => {
      const start = index + found.indexOf(value);
      if (!isTold(value)) hide(start, start + value.length);
    });
  },
};
