/** A fact under its name; nothing where it is absent: undefined, or an empty text. */
export function fact<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  const facts: Partial<Record<Name, Value>> = {};
  if (value !== undefined && value !== '') facts[name] = value;
  return facts;
}
