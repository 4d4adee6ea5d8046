/** Character references of HTML: https://html.spec.whatwg.org/multipage/named-characters.html */

/** The names of U+00A0 to U+00FF, in their order. */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  );

/** The names that error pages use beyond those, and those of what has a meaning in URLs. */
const named = new Map([
  ...LATIN_1.map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
  ...Object.entries({
    amp: '&',
    apos: "'",
    bsol: '\\',
    bull: '•',
    colon: ':',
    comma: ',',
    commat: '@',
    equals: '=',
    euro: '€',
    gt: '>',
    hellip: '…',
    ldquo: '“',
    lowbar: '_',
    lsquo: '‘',
    lt: '<',
    mdash: '—',
    ndash: '–',
    num: '#',
    percnt: '%',
    period: '.',
    quest: '?',
    quot: '"',
    rdquo: '”',
    rsquo: '’',
    semi: ';',
    sol: '/',
  }),
]);

/** The character of a name such as `amp`, in its own case; undefined for one that is not known. */
export function namedCharacter(name: string): string | undefined {
  return named.get(name) ?? named.get(name.toLowerCase());
}

/** The character of a number; U+FFFD for what is none. */
export function numberedCharacter(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}

const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,8}));?/gi;

/** A text with its references decoded, once. Never throws. */
export function decodeReferences(text: string): string {
  return text.replace(REFERENCE, (reference: string, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return numberedCharacter(Number(decimal));
    if (hex !== undefined) return numberedCharacter(parseInt(hex, 16));
    return namedCharacter(name ?? '') ?? reference;
  });
}
