/** Picks the part of an origin's error body that names the cause. */
import { attempt } from '../../untrusted.ts';

// Characters of a line that are told, and characters of a line that are read.
const MAXIMUM = 200;
const LONGEST = 1000;
// A JSON member or an XML element with a text. The body may have been cut behind it.
const MEMBER = /"([\w-]{1,40})"\s*:\s*"((?:[^"\\]|\\.)+)|<(?:\w{1,40}:)?(\w{1,40})[^<>]{0,200}>([^<>]+)/g;
// Names of members and elements that say what went wrong, the most telling first.
const TELLING = [
  /^(?:error_?)?(?:message|msg)$/i,
  /^(?:details?|reason|error_?description|faultstring|description|text)$/i,
  /^(?:error|exception|cause|title)$/i,
];
// A text that says no more than a status.
const STATUS_ONLY =
  /^(?:(?:http|status|error|code|[45]\d\d)[\s:/.–-]*)*(?:internal (?:server )?error|server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|not implemented|error|oops|null|none|true|false)?[.!]*$/i;
// A label. The labelled text stands behind it or on the next line.
const ROOT_CAUSE = /^(?:root cause|caused by)(?:\s*:\s*|\s+|$)(.*)$/i;
const LABEL =
  /^(?:message(?:\s*:|\s)|(?:exception|error) (?:value|details|message)\s*:|(?:php )?(?:fatal|parse) error\s*:|reason\s*:|panic:)\s*(.*)$/i;
const EXCEPTION = /^(?:[\w.$\\:]+[.\\:])?\w*(?:Error|Exception)\b.*?: \S/;
// A debug page has a heading with the exception and its place. The message is below it.
const EXCEPTION_HEADING = /^[\w.:\\]*(?:Error|Exception) (?:in|at) \S/;
const CAUSE_WORDS =
  /\b(?:cannot|can't|could not|couldn't|unable to|failed to|refused|denied|timed? ?out|exhausted|exceeded|out of (?:memory|space)|no space|too many|deadlock|unreachable)\b/i;
const SENTENCE = /^\S+ \S+ .*[^.][.!?)]$/;

/**
 * The one or two lines of an error body that name the cause. It takes the first of these that the body has: telling
 * members of JSON or XML, labelled lines, an exception, a heading with the sentence below it, the first lines.
 * @param body the logged body, perhaps only its start; of an HTML page the text
 * @returns undefined if the body has no word
 */
export function causeInBody(body: string): string | undefined {
  const trimmed = body.split('\n').map((line) => line.trim().slice(0, LONGEST));
  const all = trimmed.filter((line) => /[\p{L}\d]/u.test(line));
  const lines = [...new Set(all)].filter((line) => /\p{L}/u.test(line));
  const told = /^\s*[[{<]/.test(body) ? tellingMembers(body) : [];
  const first = withoutRepeats(lines).slice(0, 2);
  const found = [told, labelled(all), exceptionIn(lines), headed(all), first].filter(
    (parts) => parts.length > 0,
  );
  return found[0]
    ?.map((part) => (part.length > MAXIMUM ? `${part.slice(0, MAXIMUM)}…` : part))
    .join('; ')
    .replaceAll(':; ', ': ');
}

function tellingMembers(body: string): string[] {
  const members = [...body.matchAll(MEMBER)].map(([, key, text, element, content = '']) => {
    // The body may have been cut within an escape.
    const value = text === undefined ? content : (attempt(() => String(JSON.parse(`"${text}"`))) ?? text);
    return { name: key ?? element ?? '', value: value.split('\n')[0]?.trim() ?? '' };
  });
  const telling = TELLING.flatMap((names) => members.filter(({ name }) => names.test(name)));
  const values = telling.map(({ value }) => value).filter((value) => /\p{L}/u.test(value) && saysMore(value));
  return [...new Set(values)].slice(0, 2);
}

function saysMore(text: string): boolean {
  return text.length > 60 || !STATUS_ONLY.test(text);
}

/** The labelled texts: a message, and the last root cause. */
function labelled(lines: readonly string[]): string[] {
  const behind = (label: RegExp): string[] =>
    lines.flatMap((line, index) => {
      const [, rest] = label.exec(line) ?? [];
      return rest === undefined ? [] : [rest === '' ? lineAt(lines, index + 1) : rest];
    });
  // A colon at the end means that the message itself is elsewhere.
  const message = behind(LABEL).find((text) => saysMore(text) && !text.endsWith(':'));
  const cause = behind(ROOT_CAUSE).at(-1);
  return [...new Set([message, cause])].flatMap((text) => text || []);
}

function exceptionIn(lines: readonly string[]): string[] {
  const named = lines.findIndex((line) => EXCEPTION.test(line));
  if (named >= 0) return [lineAt(lines, named)];
  const at = lines.findIndex((one) => EXCEPTION_HEADING.test(one));
  return at < 0 ? [] : withoutRepeats(lines.slice(at)).slice(0, 2);
}

/** A line, with the next two if it ends in a colon. */
function lineAt(lines: readonly string[], index: number): string {
  return lines.slice(index, lines[index]?.endsWith(':') ? index + 3 : index + 1).join(' ');
}

/** The first line that names a cause, else the first sentence, with the heading above it. */
function headed(lines: readonly string[]): string[] {
  const distinct = withoutRepeats(lines);
  const named = distinct.findIndex((line) => CAUSE_WORDS.test(line));
  const at = named >= 0 ? named : distinct.findIndex((line) => SENTENCE.test(line));
  if (at < 0) return [];
  const [heading, line] = [distinct[at - 1], distinct[at] ?? ''];
  return [heading === undefined || SENTENCE.test(heading) ? line : `${heading}: ${line}`];
}

/** Leaves out each line that the line before it contains. */
function withoutRepeats(lines: readonly string[]): string[] {
  return lines.filter((line, index) => !(lines[index - 1] ?? '').includes(line));
}
