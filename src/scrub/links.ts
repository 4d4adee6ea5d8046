/** Kind b in paths: finds links that let anyone in who has them. */
import { eachMatch } from './find.ts';
import type { Rule } from './rule.ts';
import { looksChosen } from './values.ts';

/** The words that frameworks use in such links: `/users/password/reset/…`, `/magic-link/…`, `/api/webhooks/…`. */
const WORD =
  'reset\\w{0,24}|\\w{0,24}passw(?:or)?ds?|invit\\w{0,8}|confirm\\w{0,8}|verif\\w{0,8}|activat\\w{0,6}|magic|unsubscribe|recover\\w{0,4}|unlock|tokens?|webhooks?|login|signin|otp|sso';
const LINK = new RegExp(
  `/(?:[\\w.-]{0,48}[_.-])?(?:${WORD})(?:[_.-][\\w-]{0,48})?((?:/[^\\s/?#"'<>|)\\]}]{1,256}){1,8})`,
  'gi',
);
const SHORTEST = 6;

/** Hides the path segments behind a word such as `reset` or `token`, unless they are words themselves. */
export const links: Rule = {
  name: 'b link',
  mark: /reset|passw|invit|confirm|verif|activat|magic|unsubscr|recover|unlock|token|webhook|login|signin|otp\/|sso\//i,
  find({ view }, hide) {
    eachMatch(LINK, view, ([, path = ''], end) => {
      if (FILE.test(path)) return;
      let start = end - path.length;
      for (const segment of path.slice(1).split('/')) {
        const text = segment.replace(/[.,:;]{1,4}$/, '');
        if (isKey(text)) hide(start + 1, start + 1 + text.length);
        start += segment.length + 1;
      }
    });
  },
};

const FILE = /\.[a-z][a-z0-9]{0,4}(?::\d{1,7}){0,2}[.,:;]*$/i;

function isKey(segment: string): boolean {
  if (segment.length < SHORTEST || FILE.test(segment)) return false;
  return (
    looksChosen(segment) ||
    /^\d+$/.test(segment) ||
    /[a-z][A-Z]/.test(segment) ||
    segment.split(':').some((part) => looksChosen(part))
  );
}
