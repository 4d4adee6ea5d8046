/**
 * The type of a record and its published schema have the same fields. A field in only one of them is a type error
 * here. A text in a record is as long as the schema allows.
 */
import { expect, test } from 'vitest';
import { forms } from '../../src/answer/forms.ts';
import type { Form } from '../../src/answer/who-asks.ts';
import schema from '../../src/log/log-record.schema.json' with { type: 'json' };
import { incidentOf } from '../../src/incident.ts';
import type { OriginBodyRecord } from '../../src/log/origin-body.ts';
import { toLogRecord, type LogRecord } from '../../src/log/record.ts';
import type { PathsOf } from '../../src/log/record-paths.ts';
import { property } from '../../src/untrusted.ts';
import { parseSettings } from '../../src/read-settings.ts';
import { validRecord } from '../support/valid-record.ts';

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

/** The record of a failure in which every text is far too long. */
function longRecord(): LogRecord {
  const long = 'word '.repeat(2000);
  let cause: Error | undefined;
  for (let count = 0; count < 9; count++) cause = new Error(long, { cause });
  const exception = Object.assign(new Error(long, { cause }), { name: long, code: long });
  const headers = { 'User-Agent': long, 'X-Request-Id': long, 'CF-Ray': 'r'.repeat(64) };
  const request = new Request(`https://shop.example/${'word/'.repeat(1000)}`, {
    method: 'M'.repeat(99),
    headers,
  });
  const cf = { colo: long, country: long, httpProtocol: long, verifiedBotCategory: long };
  const response = new Response('', {
    status: 503,
    headers: {
      Server: long,
      'Content-Type': long,
      'X-Request-Id': long,
      'Proxy-Status': long,
      'CF-Ray': 'r'.repeat(64),
    },
  });
  const { settings } = parseSettings({ CF_VERSION_METADATA: { id: long, tag: long } });
  const failure = { kind: 'answered', source: 'application', response, exception } as const;
  const incident = incidentOf(
    Object.assign(request, { cf }),
    'the-request-id',
    settings,
    failure,
    Date.now(),
  );
  const diagnosis = { ...incident.diagnosis, type: long };
  return toLogRecord({ ...incident, diagnosis }, { status: 500, format: 'html', language: 'en' });
}

const record: unknown = validRecord(longRecord());

test.each([
  'client.request_id',
  'error.type',
  'http.request.method',
  'url.path',
  'origin.server',
  'origin.content_type',
  'origin.request_id',
  'origin.ray_id',
  'origin.proxy_status',
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'exception.cause',
  'exception.code',
  'user_agent.original',
  'geo.country.iso_code',
  'network.protocol.version',
  'cloudflare.ray_id',
  'cloudflare.colo',
  'cloudflare.verified_bot_category',
  'cloudflare.script_version.id',
  'service.version',
])('%s is cut where the schema says', (path) => {
  const keys = path.split('.');
  const text: unknown = keys.reduce(property, record);
  const field = keys.reduce<unknown>(
    (holder, key) => property(property(holder, 'properties'), key),
    schema.definitions.failure,
  );
  expect(text).toBeTypeOf('string');
  expect(String(text)).toHaveLength(Number(property(field, 'maxLength')));
});

test('a record has what is known of Cloudflare, even if that is one fact', () => {
  const request = new Request('https://shop.example/', { headers: { 'CF-Ray': '8f1e2d3c4b5a6978' } });
  const { settings } = parseSettings({});
  const recordOf = (asked: Request) =>
    toLogRecord(incidentOf(asked, 'the-request-id', settings, { kind: 'timed-out' }, 0), {
      status: 500,
      format: 'html',
    });
  expect(recordOf(request).cloudflare).toEqual({ ray_id: '8f1e2d3c4b5a6978' });
  expect(recordOf(new Request('https://shop.example/'))).not.toHaveProperty('cloudflare');
});
