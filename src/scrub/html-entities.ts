/** Character references of HTML: https://html.spec.whatwg.org/multipage/named-characters.html */

/** The names of U+00A0 to U+00FF, in order. */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  );

/** The other names of HTML 4 for symbols and punctuation, and the names of characters with a meaning in URLs. */
const OTHERS =
  'amp& apos\' bsol\\ bull• circˆ colon: comma, commat@ crarr↵ dagger† Dagger‡ darr↓ emsp\u2003 ensp\u2002 equals= euro€ fnofƒ ge≥ gt> harr↔ hellip… infin∞ larr← ldquo“ le≤ lowbar_ lpar( lsaquo‹ lsquo‘ lt< mdash— minus− ndash– ne≠ num# OEligŒ oeligœ percnt% period. permil‰ quest? quot" radic√ rarr→ rdquo” rpar) rsaquo› rsquo’ sbquo‚ bdquo„ ScaronŠ scaronš semi; sol/ Tab\t thinsp\u2009 tilde˜ trade™ uarr↑ Yuml\u0178 lbrack[ rbrack] lcub{ rcub} vert| check✓ cross✗ star★ starf★ times×';

const named = new Map([
  ...LATIN_1.map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
  ...OTHERS.split(' ').map((entry) => [entry.slice(0, -1), entry.slice(-1)] as const),
]);

/** The character for a decimal number, a hexadecimal number or a name. U+FFFD for a number without a character. */
export function referencedCharacter(decimal?: string, hex?: string, name = ''): string | undefined {
  const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
  if (Number.isNaN(code)) return named.get(name) ?? named.get(name.toLowerCase());
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : '\ufffd';
}

const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,8}));?/gi;

/** Decodes the references in a text once. Never throws. */
export function decodeReferences(text: string): string {
  return text.replace(
    REFERENCE,
    (reference: string, decimal?: string, hex?: string, name?: string) =>
      referencedCharacter(decimal, hex, name) ?? reference,
  );
}
