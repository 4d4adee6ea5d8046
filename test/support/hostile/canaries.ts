/** Texts that must not get through: short, and like no secret, so that a rule has to know by their place what they are. */

/** What a visitor sends as a secret: must not be in the log. */
export const OF_VISITOR = 'vIsItOr7f3';
/** What an origin or an exception says: must not be in an answer of ours. */
export const OF_ORIGIN = 'oRiGiN9c2e';
/** What an origin or an exception says as a secret: must be in neither. */
export const SECRET = 'sEcReT4b8d';
