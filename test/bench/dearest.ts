/**
 * Finds the dearest request that a stranger can send, and the dearest error body. It times the functions that read
 * them, since a literal would go stale with every change of those functions.
 */
import { whoAsks } from '../../src/answer/who-asks.ts';
import { textOfHtml } from '../../src/log/html-text.ts';
import { languageOf } from '../../src/page/language-of.ts';
import { scrubId, scrubStart, scrubText } from '../../src/scrub/scrub.ts';

/** Pieces of text that some rule looks for, or that the negotiation reads. */
const PIECES =
  'a A 0 / ? # ; = : @ % & . , - _ ( [ { < > | \\ ~ + $ é :// :: 1.2.3.4 4111 41111111 a@b.c eyJ aZ0_ a1b2c3 %41 &amp; \\u0041 password password: password= token: "name":"key", value= key= auth= Cookie: a=b; Bearer --token -p curl login( (" /reset/ /a;b /a?b http://a:b@c mysql:// sk-a1b2c3 ghp_a1b2 $2y$ -----BEGIN text/html q=0.1, x-a de-AT, <p> <td> <b>x</b> &#65; <a b="c">'.split(
    ' ',
  );
const RUNS = 3;
const FINALISTS = 4;
/** The search tries short texts only: readers are linear, so a short dear text is dear when it is long, too. */
const TRIED = 1200;

/** A function that reads a text; its time is measured. */
type Read = (text: string) => unknown;

/** The slowest text of a given length. It repeats a unit of one to three pieces. */
function dearestText(read: Read, length: number, accepts: (piece: string) => boolean = () => true): string {
  const pieces = PIECES.filter(accepts);
  const tried = new Map<string, number>();
  const cost = (unit: string) => {
    const known = tried.get(unit) ?? timeOf(read, filled(unit, Math.min(length, TRIED)));
    tried.set(unit, known);
    return known;
  };
  const best = () => [...tried.keys()].toSorted((a, b) => cost(b) - cost(a)).slice(0, FINALISTS);
  for (const piece of pieces) cost(piece);
  for (let parts = 2; parts <= 3; parts++) {
    for (const unit of best()) {
      for (const piece of pieces) for (const space of ['', ' ']) cost(`${unit}${space}${piece}`);
    }
  }
  // A second measurement drops the units that were slow by chance.
  const [dearest = ''] = best().toSorted((a, b) => again(read, b, length) - again(read, a, length));
  return filled(dearest, length);
}

function again(read: Read, unit: string, length: number): number {
  return Math.min(...Array.from({ length: 5 }, () => timeOf(read, filled(unit, length))));
}

function filled(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** CPU time of one reading, in microseconds. */
function timeOf(read: Read, text: string): number {
  read(text);
  const start = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / RUNS;
}

const isHeader = (piece: string) => /^[ -~]*$/.test(piece);
// Characters that a URL parser encodes, or that end the path.
const isPath = (piece: string) => /^[!$-;=@-Z_a-z|~[\]]*$/.test(piece);

/**
 * The path and the headers of the dearest request. Each header is as long as it is read; the path is 13 kB longer.
 */
export function dearestRequest(): {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const header = (name: string, length: number, read: Read) => [
    name,
    dearestText(read, length, isHeader).trim(),
  ];
  const path = dearestText((text) => scrubText(`/${text}`, 1024), 1279, isPath);
  return {
    path: `/${path}`,
    headers: Object.fromEntries([
      header('User-Agent', 768, (text) => scrubText(text, 512)),
      header('X-Request-Id', 200, (text) => scrubId(text, 200)),
      header('Accept', 2038, (text) => whoAsks(new Headers({ accept: text.trim() }), null)),
      header('Accept-Language', 4095, (text) => languageOf(text)),
      ['Referer', `https://shop.example/${"&'".repeat(990)}`],
    ]),
  };
}

/** The most characters of a body that are shown (SHOWN), and that are read (READ). */
const SHOWN = 8192;
const READ = 32 * 1024;

/** The dearest body of a media type, as long as a body is read. */
export function dearestBody(type: 'text/html' | 'text/plain'): string {
  if (type === 'text/plain') return dearestText((text) => scrubStart(text, SHOWN), SHOWN + 512);
  return dearestText(
    (html) => scrubStart(textOfHtml(html, SHOWN + 512) || html.slice(0, SHOWN + 512), SHOWN),
    READ,
  );
}
