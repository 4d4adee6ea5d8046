/** Writes thrown data as text in the form of JSON. Reads no more of it than it writes. */
import { attempt, property, textProperty } from '../untrusted.ts';
import { scrubText } from '../scrub/scrub.ts';

const MAXIMUM_DEPTH = 4;
const MAXIMUM_ENTRIES = 20;
const LONGEST_KEY = 64;
const LONGEST_TEXT = 256;
/** In characters. Stop adding here: closing the open brackets keeps the result under 2,048. */
const FULL = 1600;

/**
 * The text of a thrown value without a message. A primitive stays as it is, a function is written by its name, data
 * as JSON, any other object as its kind. In data, `…` stands for parts that are too deep, too long or circular. Data
 * takes at most 2,048 characters.
 * @param exempt IDs of this request, which stay even if they look like secrets
 * @throws whatever the value throws
 */
export function dataText(value: unknown, exempt: readonly string[]): string {
  if (isData(value)) return jsonOf(value, exempt);
  if (typeof value === 'bigint') return bigintText(value);
  if (typeof value === 'function') return `[function ${textProperty(value, 'name').slice(0, LONGEST_KEY)}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value).slice(0, LONGEST_TEXT);
}

/** The number as text, if it is short: writing out a large number takes more than linear time. */
function bigintText(value: bigint): string {
  return BigInt.asIntN(1024, value) === value ? String(value) : 'bigint of more than 1024 bits';
}

function isData(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function jsonOf(data: object, exempt: readonly string[]): string {
  let json = '';
  const holders: object[] = [];

  const add = (value: unknown): void => {
    if (typeof value === 'string') json += JSON.stringify(scrubText(value, LONGEST_TEXT, exempt));
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) json += String(value);
    else if (typeof value === 'bigint') json += bigintText(value);
    else if (value instanceof Date)
      json += JSON.stringify(attempt(() => value.toISOString()) ?? 'Invalid Date');
    else if (!isData(value) || holders.length === MAXIMUM_DEPTH || holders.includes(value)) json += '"…"';
    else addEntries(value);
  };

  const addEntries = (holder: object): void => {
    holders.push(holder);
    const isList = Array.isArray(holder);
    json += isList ? '[' : '{';
    let count = 0;
    for (const key in holder) {
      if (count++ > 0) json += ',';
      if (count > MAXIMUM_ENTRIES || json.length > FULL) {
        json += '…';
        break;
      }
      if (!isList) json += `${JSON.stringify(key.slice(0, LONGEST_KEY))}:`;
      add(property(holder, key));
    }
    json += isList ? ']' : '}';
    holders.pop();
  };

  addEntries(data);
  return json;
}
