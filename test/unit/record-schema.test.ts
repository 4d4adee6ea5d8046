/** Holds the type of a record and its published schema together: a field of one alone is a type error here. */
import { expect, test } from 'vitest';
import { forms } from '../../src/answer/forms.ts';
import type { Form } from '../../src/answer/who-asks.ts';
import schema from '../../src/log/log-record.schema.json' with { type: 'json' };
import type { OriginBodyRecord } from '../../src/log/origin-body.ts';
import type { LogRecord } from '../../src/log/record.ts';
import type { PathsOf } from '../../src/log/record-paths.ts';

type SchemaPaths<Schema> = Schema extends { readonly properties: infer Properties }
  ? {
      [Key in keyof Properties & string]: Properties[Key] extends { readonly properties: unknown }
        ? `${Key}.${SchemaPaths<Properties[Key]>}`
        : Key;
    }[keyof Properties & string]
  : never;

/** What one of two unions has and the other has not. */
type Difference<One, Other> = Exclude<One, Other> | Exclude<Other, One>;

type Definitions = (typeof schema)['definitions'];

/** Fields of one alone: where there are any, the constants below do not compile, and the error names them. */
type OfFailure = Difference<PathsOf<LogRecord>, SchemaPaths<Definitions['failure']>>;
type OfOriginBody = Difference<PathsOf<OriginBodyRecord>, SchemaPaths<Definitions['origin_body']>>;

/** Nothing, by its type. */
const inOneAlone: Record<OfFailure | OfOriginBody, 'stands in type or schema alone'> = {};

test('the type of a record and its schema name the same fields', () => {
  // The type checker is the judge: a field of one alone makes this file an error of `npm run check`.
  expect(inOneAlone).toEqual({});
});

type Format = LogRecord['answer']['format'];

/** Formats of a record that are no form of our own. One that is added to the type has to be added here. */
const others: Record<Exclude<Format, Form>, true> = { origin: true, preflight: true, 'last-resort': true };

test('the schema allows the formats that an answer can have, and no others', () => {
  const allowed = schema.definitions.failure.properties.answer.properties.format.enum;
  expect(allowed.toSorted()).toEqual([...Object.keys(forms), ...Object.keys(others)].toSorted());
});
