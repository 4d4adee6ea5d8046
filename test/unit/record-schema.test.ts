/**
 * The type of a record and its published schema have the same fields. A field in only one of them is a type error
 * here.
 */
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

/** The members of exactly one of two unions. */
type Difference<One, Other> = Exclude<One, Other> | Exclude<Other, One>;

type Definitions = (typeof schema)['definitions'];

/**
 * The fields in only one of type and schema. If there are any, the constants below do not compile, and the error
 * names the fields.
 */
type OfFailure = Difference<PathsOf<LogRecord>, SchemaPaths<Definitions['failure']>>;
type OfOriginBody = Difference<PathsOf<OriginBodyRecord>, SchemaPaths<Definitions['origin_body']>>;

/** An empty object. Its type lists the fields in only one of type and schema. */
const inOneAlone: Record<OfFailure | OfOriginBody, 'stands in type or schema alone'> = {};

test('the type of a record and its schema name the same fields', () => {
  // The type checker does the test: a field in only one of them is an error of `npm run check`.
  expect(inOneAlone).toEqual({});
});

type Format = LogRecord['answer']['format'];

/** The formats of a record that are not our own forms. A format added to the type has to be added here. */
const others: Record<Exclude<Format, Form>, true> = { origin: true, preflight: true, 'last-resort': true };

test('the schema allows the formats that an answer can have, and no others', () => {
  const allowed = schema.definitions.failure.properties.answer.properties.format.enum;
  expect(allowed.toSorted()).toEqual([...Object.keys(forms), ...Object.keys(others)].toSorted());
});
