/** Picks the part of an origin's error body that names the cause. */

// Of what is told, and of what is looked at, of one line.
const MAXIMUM = 200;
const LONGEST = 1000;
// A member of JSON or an element of XML with a text, also where the body was cut behind it.
const MEMBER = /"([\w-]{1,40})"\s*:\s*"((?:[^"\\]|\\.)+)|<(?:\w{1,40}:)?(\w{1,40})[^<>]{0,200}>([^<>]+)/g;
// The names of those that tell a person what went wrong, the most telling first.
const TELLING = [
  /^(?:error_?)?(?:message|msg)$/i,
  /^(?:details?|reason|error_?description|faultstring|description|text)$/i,
  /^(?:error|exception|cause|title)$/i,
];
// Says no more than a status does.
const STATUS_ONLY =
  /^(?:(?:http|status|error|code|[45]\d\d)[\s:/.–-]*)*(?:internal (?:server )?error|server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|not implemented|error|oops|null|none|true|false)?[.!]*$/i;
// A label, and what it labels behind it or on the next line.
const ROOT_CAUSE = /^(?:root cause|caused by)(?:\s*:\s*|\s+|$)(.*)$/i;
const LABEL =
  /^(?:message(?:\s*:|\s)|(?:exception|error) (?:value|details|message)\s*:|(?:php )?(?:fatal|parse) error\s*:|reason\s*:|panic:)\s*(.*)$/i;
const EXCEPTION = /^(?:[\w.$\\:]+[.\\:])?\w*(?:Error|Exception)\b.*?: \S/;
// A debug page names the exception and where it was; the message is below.
const EXCEPTION_HEADING = /^[\w.:\\]*(?:Error|Exception) (?:in|at) \S/;
const CAUSE_WORDS =
  /\b(?:cannot|can't|could not|couldn't|unable to|failed to|refused|denied|timed? ?out|exhausted|exceeded|out of (?:memory|space)|no space|too many|deadlock|unreachable)\b/i;
const SENTENCE = /^\S+ \S+ .*[^.][.!?)]$/;

/**
 * The line, or two, of an error body that name the cause: the telling members of JSON and XML, labelled lines, an
 * exception, a heading with the sentence below it; else what comes first.
 * @param body as it was logged: of an HTML page its text, and maybe only the start
 * @returns undefined where there is no word in it
 */
export function causeInBody(body: string): string | undefined {
  const trimmed = body.split('\n').map((line) => line.trim().slice(0, LONGEST));
  const all = trimmed.filter((line) => /[\p{L}\d]/u.test(line));
  const lines = [...new Set(all)].filter((line) => /\p{L}/u.test(line));
  const told = /^\s*[[{<]/.test(body) ? tellingMembers(body) : [];
  const first = withoutRepeats(lines).slice(0, 2);
  const parts = [told, labelled(all), exceptionIn(lines), headed(all), first].find(
    ({ length }) => length > 0,
  );
  return parts
    ?.map((part) => (part.length > MAXIMUM ? `${part.slice(0, MAXIMUM)}…` : part))
    .join('; ')
    .replaceAll(':; ', ': ');
}

function tellingMembers(body: string): string[] {
  const members = [...body.matchAll(MEMBER)].map(([, key, text, element, content]) => ({
    name: key ?? element ?? '',
    value: (text === undefined ? (content ?? '') : unescaped(text)).split('\n')[0]?.trim() ?? '',
  }));
  const telling = TELLING.flatMap((names) => members.filter(({ name }) => names.test(name)))
    .map(({ value }) => value)
    .filter((value) => /\p{L}/u.test(value) && saysMore(value));
  return [...new Set(telling)].slice(0, 2);
}

function saysMore(text: string): boolean {
  return text.length > 60 || !STATUS_ONLY.test(text);
}

/** The text of a string of JSON, which may end in the midst of an escape. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** The texts behind labels: a message, and the last root cause. */
function labelled(lines: readonly string[]): string[] {
  const behind = (label: RegExp): string[] =>
    lines.flatMap((line, index) => {
      const [, rest] = label.exec(line) ?? [];
      return rest === undefined ? [] : [rest === '' ? lineAt(lines, index + 1) : rest];
    });
  // A colon at the end leads on to what is not here.
  const message = behind(LABEL).find((text) => saysMore(text) && !text.endsWith(':'));
  const cause = behind(ROOT_CAUSE).at(-1);
  return [...new Set([message ?? '', cause ?? ''])].filter((text) => text !== '');
}

function exceptionIn(lines: readonly string[]): string[] {
  const named = lines.findIndex((line) => EXCEPTION.test(line));
  if (named >= 0) return [lineAt(lines, named)];
  const at = lines.findIndex((one) => EXCEPTION_HEADING.test(one));
  return at < 0 ? [] : withoutRepeats(lines.slice(at)).slice(0, 2);
}

/** A line; if a colon at its end leads on, with the two that follow. */
function lineAt(lines: readonly string[], index: number): string {
  return lines.slice(index, lines[index]?.endsWith(':') ? index + 3 : index + 1).join(' ');
}

/** The first line that names a cause, else the first sentence, behind the heading above it. */
function headed(lines: readonly string[]): string[] {
  const distinct = withoutRepeats(lines);
  const named = distinct.findIndex((line) => CAUSE_WORDS.test(line));
  const at = named >= 0 ? named : distinct.findIndex((line) => SENTENCE.test(line));
  if (at < 0) return [];
  const [heading, line] = [distinct[at - 1], distinct[at] ?? ''];
  return [heading === undefined || SENTENCE.test(heading) ? line : `${heading}: ${line}`];
}

/** Without the lines that are in the line before. */
function withoutRepeats(lines: readonly string[]): string[] {
  return lines.filter((line, index) => !(lines[index - 1] ?? '').includes(line));
}
