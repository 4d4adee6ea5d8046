/** Kind b in SQL, which names a value by its place: `INSERT INTO users (name, password) VALUES ('anna', '…')`. */
import { eachMatch, matchAt } from './find.ts';
import { kindOfName } from './names.ts';
import type { Rule } from './rule.ts';
import { holdsText, isTold, looksChosen } from './values.ts';

const COLUMNS = /\(([\w"'`[\],.\s]{1,1024})\)\s{0,16}(?:output\s[^\n()]{1,128}\s)?values?\s{0,16}(?=\()/gi;
const ROW = /\s{0,64},?\s{0,64}\(/y;
/** A value, and the comma behind it: a text, in which a quote is doubled, or an expression. The view has no escapes. */
const FIELD =
  /\s{0,64}((?:[NEB](?='))?(?:'(?:[^']|'')*'|"(?:[^"]|"")*")|(?:[^'"(),]|\((?:[^()]|\([^()]{0,64}\)){0,128}\)){1,256})\s{0,64}(,?)/iy;

/** False for a parameter, and for a function that is given no text: the database finds their values elsewhere. */
function isWritten(value: string): boolean {
  if (/^\w+\(/.test(value)) return holdsText(value);
  return !isTold(value) && !/^[@:$?%]\w*$/.test(value);
}

/** Hides what stands at the place of a column that is named as a secret. */
export const inserts: Rule = {
  name: 'b insert',
  mark: /\)\s{0,16}values?\s{0,16}\(|\soutput\s/i,
  find({ view }, hide) {
    eachMatch(COLUMNS, view, ([, columns = ''], start) => {
      const kinds = columns.split(',').map((column) => {
        const kind = kindOfName(column);
        return kind !== undefined && (kind !== 'vague' || !/key/i.test(column)) && kind;
      });
      if (kinds.every((kind) => !kind)) return start;
      let at = start;
      for (let row = matchAt(ROW, view, at); row !== null; row = matchAt(ROW, view, at)) {
        at += row[0].length;
        for (const kind of kinds) {
          const field = matchAt(FIELD, view, at);
          if (field === null) break;
          const [whole, value = '', comma = ''] = field;
          const from = at + whole.indexOf(value);
          if (kind && isWritten(value) && (kind !== 'vague' || looksChosen(value)))
            hide(from, from + value.length);
          at += whole.length;
          if (comma === '') break;
        }
        const end = view.indexOf(')', at);
        if (end < 0) return view.length;
        at = end + 1;
      }
      return at;
    });
  },
};

const TEXT = `N?'(?:[^'\\n]|'')*'`;
/** A stored procedure of SQL Server takes its arguments without brackets. */
const PROCEDURE = new RegExp(
  `\\bexec(?:ute)?\\s{1,8}([\\w.[\\]]{1,128})\\s{1,8}((?:(?:${TEXT}|null|@?\\w{1,64})\\s{0,8}[,=]?\\s{0,8})+)`,
  'gi',
);
/** The old password, as Oracle and MySQL are told it: `IDENTIFIED BY '…' REPLACE '…'`. */
const REPLACED =
  /\bidentified\s{1,8}by\s{1,8}(?:"[^"\n]{0,128}"|'[^'\n]{0,128}'|[^\s'"]{1,128})\s{1,8}replace\s{1,8}("[^"\n]{1,128}"|'[^'\n]{1,128}'|[^\s'";]{1,128})/gi;

/** Hides the texts that `sp_password` and its like are given, and the password that another one replaces. */
export const statements: Rule = {
  name: 'b statement',
  mark: /\bexec(?:ute)?\s|\sreplace\s/i,
  find({ view }, hide) {
    eachMatch(PROCEDURE, view, ([, procedure = '', given = ''], end) => {
      const texts = [...given.matchAll(new RegExp(TEXT, 'gi'))];
      const takesPassword =
        /passw/i.test(procedure) || (/login|approle|user|auth|cred/i.test(procedure) && texts.length > 1);
      for (const { 0: text, index } of takesPassword ? texts : [])
        hide(end - given.length + index, end - given.length + index + text.length);
    });
    eachMatch(REPLACED, view, ([, old = ''], end) => hide(end - old.length, end));
  },
};
