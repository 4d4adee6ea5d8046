/** Adds values to a configuration file, and leaves its comments and its order as they are. */
import { isDeepStrictEqual } from 'node:util';
import { parse as parseToml, patch } from '@decimalturn/toml-patch';
import { applyEdits, modify, parse as parseJson, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { missingFrom, type Addition } from './additions.ts';

/**
 * Adds the missing values.
 * @param name the name of the file. Its ending tells TOML from JSON
 * @returns the new text, or the same text if nothing is missing
 * @throws Error if the text is malformed, or cannot be completed without changing other parts
 */
export function complete(name: string, text: string): string {
  const isToml = /\.toml$/i.test(name);
  const parse = isToml ? parseToml : parseJsonc;
  const config: unknown = parse(text);
  const additions = missingFrom(config);
  if (additions.length === 0) return text;
  const wanted = withAdditions(config, additions);
  const edited = isToml ? patch(text, wanted) : editJson(text, additions);
  if (!isDeepStrictEqual(plain(parse(edited)), plain(wanted))) {
    throw new Error('cannot be completed without changing other parts of it');
  }
  return edited;
}

function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const config: unknown = parseJson(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw new Error(`is malformed (${printParseErrorCode(first.error)} in line ${line})`);
  }
  if (typeof config !== 'object' || config === null) throw new Error('does not hold an object');
  return config;
}

function editJson(text: string, additions: readonly Addition[]): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return additions.reduce(
    (edited, { path, value }) => applyEdits(edited, modify(edited, [...path], value, { formattingOptions })),
    text,
  );
}

function withAdditions(config: unknown, additions: readonly Addition[]): unknown {
  return additions.reduce((table, { path, value }) => withValue(table, path, value), config);
}

function withValue(table: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const entries = typeof table === 'object' && table !== null ? table : {};
  const inner: unknown = Reflect.get(entries, name);
  return { ...entries, [name]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

/** The value without classes of the parser: dates of TOML become texts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
