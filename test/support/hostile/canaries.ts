/**
 * Texts that must not get through. They are short and do not look like secrets, so only their place gives them away.
 */

/** A visitor sends this as a secret: it must not be in the log. */
export const OF_VISITOR = 'vIsItOr7f3';
/** An origin or an exception says this: it must not be in an answer of ours. */
export const OF_ORIGIN = 'oRiGiN9c2e';
/** An origin or an exception says this as a secret: it must be neither in the log nor in an answer of ours. */
export const SECRET = 'sEcReT4b8d';
