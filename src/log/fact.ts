/** An object with the fact under its name, or an empty object if the fact is undefined or an empty text. */
export function fact<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  const facts: Partial<Record<Name, Value>> = {};
  if (value !== undefined && value !== '') facts[name] = value;
  return facts;
}
