/** Adds values to a configuration file, and leaves its comments and its order as they are. */
import { isDeepStrictEqual } from 'node:util';
import { parse as parseToml, patch } from '@decimalturn/toml-patch';
import { applyEdits, modify, parse as parseJson, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { Table } from '../check/wrangler-config.ts';
import { isTable, withDefaults } from './defaults.ts';

/**
 * Adds the missing values.
 * @param name the name of the file. Its ending tells TOML from JSON
 * @returns the new text, or the same text if nothing is missing
 * @throws Error if the text is malformed, or cannot be completed without changing other parts
 */
export function complete(name: string, text: string): string {
  const isToml = /\.toml$/i.test(name);
  const parse = (written: string): unknown => (isToml ? parseToml(written) : parseJsonc(written));
  const config = parse(text);
  if (!isTable(config)) throw new Error('does not hold an object');
  const wanted = withDefaults(config);
  if (isDeepStrictEqual(plain(wanted), plain(config))) return text;
  const edited = isToml ? patch(text, wanted) : addToJson(text, config, wanted);
  if (!isDeepStrictEqual(plain(parse(edited)), plain(wanted)))
    throw new Error('cannot be completed without changing other parts of it');
  return edited;
}

function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const config: unknown = parseJson(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return config;
  const line = text.slice(0, first.offset).split('\n').length;
  throw new Error(`is malformed (${printParseErrorCode(first.error)} in line ${line})`);
}

/** Adds the values of the second table that the first one lacks. */
function addToJson(text: string, before: Table, after: Table, path: readonly string[] = []): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return Object.entries(after).reduce((edited, [name, value]) => {
    const own = before[name];
    if (isTable(own) && isTable(value)) return addToJson(edited, own, value, [...path, name]);
    if (own !== undefined) return edited;
    return applyEdits(edited, modify(edited, [...path, name], value, { formattingOptions }));
  }, text);
}

/** The value without classes of the parser: dates of TOML become texts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
