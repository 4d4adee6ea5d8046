/** Adds values to a configuration file, and leaves its comments and its order as they are. */
import { isDeepStrictEqual } from 'node:util';
import { parse as parseToml, patch } from '@decimalturn/toml-patch';
import { applyEdits, modify, parse as parseJson, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { missingFrom, type Addition } from './additions.ts';

/**
 * Adds what is missing.
 * @param name the file's name, whose ending tells TOML from JSON
 * @returns the new text; the same where nothing is missing
 * @throws Error where the text is malformed, or where it cannot be changed without changing more than that
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
    throw new Error('cannot be changed by a program without changing more of it');
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
  if (typeof config !== 'object' || config === null) throw new Error('holds no object');
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

/** A parser's own classes aside: dates of TOML become texts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
