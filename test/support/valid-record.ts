/** Checks log records against the published schema. */
import { Ajv } from 'ajv';
import schema from '../../src/log/log-record.schema.json' with { type: 'json' };

const validate = new Ajv().compile(schema);

/**
 * Returns the record.
 * @throws Error if it does not match the schema
 */
export function validRecord<Value extends object>(record: Value): Value {
  if (validate(record)) return record;
  throw new Error(`Not a valid record: ${JSON.stringify(validate.errors)} in ${JSON.stringify(record)}`);
}
