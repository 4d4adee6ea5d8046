/** Kind b in SQL: `INSERT INTO users (name, password) VALUES ('anna', '…')` names a value by its place. */
import { eachMatch, matchAt } from './find.ts';
import { kindOfName } from './names.ts';
import type { Rule } from './rule.ts';
import { holdsText, isTold } from './values.ts';

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
      const secrets = columns.split(',').map((column) => {
        const kind = kindOfName(column);
        return kind !== undefined && kind !== 'vague';
      });
      if (!secrets.includes(true)) return start;
      let at = start;
      for (let row = matchAt(ROW, view, at); row !== null; row = matchAt(ROW, view, at)) {
        at += row[0].length;
        for (const isSecret of secrets) {
          const field = matchAt(FIELD, view, at);
          if (field === null) break;
          const [whole, value = '', comma = ''] = field;
          const from = at + whole.indexOf(value);
          if (isSecret && isWritten(value)) hide(from, from + value.length);
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
